/** Numbers that faults differ by, and what several of them do to a row. */

/** Logits in a vector or in a group of threads. */
export const widths = [2, 4, 8, 16, 32, 64];

/** Logits that a block has threads for, that an index or a table holds. */
export const lengths = [127, 255, 256, 512, 1024, 2048, 4096, 8192, 32_768, 65_536, 131_072];

/** Rows that a block or a grid covers. */
export const heights = [1, 16, 64, 256, 1024, 4096, 65_535];

/** The part of a row that is whole vectors. */
export const whole =
  (width: number) =>
  (x: Float32Array): Float32Array =>
    x.subarray(0, x.length - (x.length % width));

export const floats = (...values: number[]): Float32Array => Float32Array.from(values);

export const bits = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** `x` rounded to nearest with `bits` significant bits, whatever its exponent (Veltkamp). */
export function roundedTo(bits: number, x: number): number {
  const scaled = x * (2 ** (53 - bits) + 1);
  return Number.isFinite(scaled) ? scaled - (scaled - x) : x;
}
