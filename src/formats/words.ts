/** Values of 16-bit formats as words: what calls hand over and files hold, four hex digits a value. */
import { fromHex, isHex, toHex } from '../float32/bits.ts';
import type { Format } from './format.ts';

/** The word of a 16-bit NaN that this package writes: quiet, positive, without payload. */
function nanWord({ precision }: Format): number {
  return 0x8000 - (1 << (precision - 2));
}

/**
 * The 16-bit words of values on the grid of `format`.
 * @throws RangeError at a value that is not on it.
 */
export function packWords(values: ArrayLike<number>, format: Format): Uint16Array {
  const tables = tablesOf(format);
  const packed = new Uint16Array(values.length);
  for (let k = 0; k < packed.length; k++) packed[k] = wordIn(tables, values[k], format);
  return packed;
}

/** The 16-bit words of the numbers of `format` nearest to values, ties to even. */
export function roundToWords(values: ArrayLike<number>, format: Format): Uint16Array {
  const tables = tablesOf(format);
  const packed = new Uint16Array(values.length);
  for (let k = 0; k < packed.length; k++) packed[k] = nearestWordIn(tables, values[k], format);
  return packed;
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The word of a value on the grid, by the tables but of NaN. */
function wordIn({ numbers, words, shift }: Tables, value: number, format: Format): number {
  float[0] = value;
  const word = words[bits[0] >>> shift];
  return word !== NO_WORD && numbers[word] === value ? word : wordOf(value, format);
}

/**
 * The word of the number nearest to a value. Where the upper bits of an FP32 are a normal number of the format, or all of it is another, it is that or the next word away from 0, as the bits below
 * are under or over their half, and of two the even one: behind the largest finite number the infinity.
 */
function nearestWordIn(tables: Tables, value: number, format: Format): number {
  const { words, shift, firstNormal, infinite } = tables;
  float[0] = value;
  const word = words[bits[0] >>> shift];
  const half = 1 << (shift - 1);
  const below = bits[0] & (2 * half - 1);
  const magnitude = word & 0x7fff;
  const isTold = float[0] === value && word !== NO_WORD && magnitude < infinite;
  if (!isTold || (magnitude < firstNormal && below !== 0)) return wordIn(tables, format.round(value), format);
  return below > half || (below === half && word % 2 === 1) ? word + 1 : word;
}

function wordOf(value: number, format: Format): number {
  if (Number.isNaN(value)) return nanWord(format);
  const ordinal = Math.abs(format.toOrdinal(value));
  if (!Number.isInteger(ordinal)) throw new RangeError(`${value} is no number of ${format.name}`);
  return (value < 0 || Object.is(value, -0) ? 0x8000 : 0) + ordinal;
}

/** The values of 16-bit words of `format`; every NaN is the one NaN. */
export function unpackWords(words: Uint16Array, format: Format): Float32Array {
  const { numbers } = tablesOf(format);
  const unpacked = new Float32Array(words.length);
  for (let k = 0; k < words.length; k++) unpacked[k] = numbers[words[k]];
  return unpacked;
}

/** A 16-bit format in tables: millions of words are packed and unpacked. */
interface Tables {
  /** By word. */
  readonly numbers: Float32Array;
  /** By the upper bits of an FP32 number, those that a number of the format has: sign, exponent and p - 1 digits. NO_WORD where no number has them. */
  readonly words: Int32Array;
  readonly shift: number;
  /** The words of the smallest normal number and of infinity. */
  readonly firstNormal: number;
  readonly infinite: number;
}

const NO_WORD = -1;

function tablesOf(format: Format): Tables {
  let tables = known.get(format);
  if (tables === undefined) {
    tables = createTables(format);
    known.set(format, tables);
  }
  return tables;
}

function createTables({ fromOrdinal, toOrdinal, minNormal, precision }: Format): Tables {
  const shift = 24 - precision;
  const numbers = Float32Array.from({ length: 2 ** 16 }, (_, word) => {
    const magnitude = fromOrdinal(word & 0x7fff);
    return word >= 0x8000 ? -magnitude : magnitude;
  });
  const words = new Int32Array(2 ** (32 - shift)).fill(NO_WORD);
  for (const [word, number] of numbers.entries()) {
    float[0] = number;
    words[bits[0] >>> shift] = word;
  }
  const [firstNormal, infinite] = [minNormal, Number.POSITIVE_INFINITY].map(toOrdinal);
  return { numbers, words, shift, firstNormal, infinite };
}

const known = new Map<Format, Tables>();

/** How many hex digits a word of the format has. */
export function digitsOf({ bytes }: Format): number {
  return 2 * bytes;
}

/** A number of the format as its word: 8 hex digits of FP32, 4 of a 16-bit format. */
export function toHexIn(value: number, format: Format): string {
  return format.bytes === 4 ? toHex(value) : wordOf(value, format).toString(16).padStart(4, '0');
}

/** Whether `text` is a word of the format, in either case. */
export function isHexIn(text: string, format: Format): boolean {
  return format.bytes === 4 ? isHex(text) : /^[0-9a-f]{4}$/i.test(text);
}

/** The number of a word that {@link isHexIn}. */
export function fromHexIn(text: string, format: Format): number {
  if (format.bytes === 4) return fromHex(text);
  return unpackWords(Uint16Array.of(Number.parseInt(text, 16)), format)[0];
}
