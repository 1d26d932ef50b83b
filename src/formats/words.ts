/** Values of 16-bit formats as words: what calls hand over and files hold, four hex digits a value. */
import type { Format } from './format.ts';

/** The word of a 16-bit NaN that this package writes: quiet, positive, without payload. */
function nanWord({ precision }: Format): number {
  return 0x8000 - 2 ** (precision - 2);
}

/**
 * The 16-bit words of values on the grid of `format`.
 * @throws RangeError at a value that is not on it.
 */
export function packWords(values: ArrayLike<number>, format: Format): Uint16Array {
  const words = new Uint16Array(values.length);
  for (let k = 0; k < words.length; k++) words[k] = wordOf(values[k], format);
  return words;
}

function wordOf(value: number, format: Format): number {
  if (Number.isNaN(value)) return nanWord(format);
  const ordinal = Math.abs(format.toOrdinal(value));
  if (!Number.isInteger(ordinal)) throw new RangeError(`${value} is no number of ${format.name}`);
  return (value < 0 || Object.is(value, -0) ? 0x8000 : 0) + ordinal;
}

/** The values of 16-bit words of `format`; every NaN is the one NaN. */
export function unpackWords(words: Uint16Array, format: Format): Float32Array {
  return Float32Array.from(words, (word) => {
    const magnitude = format.fromOrdinal(word & 0x7fff);
    return word >= 0x8000 ? -magnitude : magnitude;
  });
}
