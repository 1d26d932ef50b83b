/**
 * FP32 values as 32-bit words (IEEE 754 binary32: 1 sign, 8 exponent, 23 fraction bits).
 *
 * Floats cross files and processes as 8 lower-case hex digits, because JSON turns NaN, the infinities
 * and -0 into null, null and 0.
 */

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** The word of every NaN that this package writes: quiet, positive, without payload. */
export const NAN_BITS = 0x7fc00000;

/** The 32-bit word of `value` rounded to FP32. Every NaN gives {@link NAN_BITS}. */
export function toBits(value: number): number {
  float[0] = value;
  return Number.isNaN(value) ? NAN_BITS : word[0];
}

/** The FP32 value of a 32-bit word. */
export function fromBits(bits: number): number {
  word[0] = bits;
  return float[0];
}

/** `value`, rounded to FP32, as 8 hex digits: `toHex(89) === '42b20000'`. */
export function toHex(value: number): string {
  const bits = toBits(value);
  return bytes[bits >>> 24] + bytes[(bits >>> 16) & 255] + bytes[(bits >>> 8) & 255] + bytes[bits & 255];
}

/** Each byte as two hex digits: files have words by the million, and `toString(16)` takes eight times as long for one. */
const bytes: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Whether `text` is an FP32 word: exactly 8 hex digits, either case. */
export function isHex(text: string): boolean {
  return /^[0-9a-f]{8}$/i.test(text);
}

/**
 * The FP32 value of 8 hex digits, the inverse of {@link toHex}.
 * @throws RangeError when `text` is not exactly 8 hex digits.
 */
export function fromHex(text: string): number {
  if (!isHex(text))
    throw new RangeError(`'${text}' is not an FP32 word: expected 8 hex digits, like 42b20000`);
  return fromBits(Number.parseInt(text, 16));
}

/** Each value of `values` as 8 hex digits. */
export function toHexWords(values: ArrayLike<number>): string[] {
  return Array.from(values, toHex);
}

/**
 * The FP32 values of hex words.
 * @throws RangeError at the first that is not exactly 8 hex digits.
 */
export function fromHexWords(words: readonly string[]): Float32Array {
  return Float32Array.from(words, fromHex);
}

/** Whether `a` and `b` have the same FP32 words; all NaNs count as one, +0 and -0 as two. */
export function sameBits(a: number, b: number): boolean {
  return toBits(a) === toBits(b);
}
