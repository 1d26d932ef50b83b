/**
 * The simplicity of one FP32 value: which of two a person would rather read in a counterexample.
 *
 * | rank | values | within the rank, first |
 * |---|---|---|
 * | 0 | +0 | |
 * | 1 | integers of magnitude up to 2^24 | smaller magnitude, then positive |
 * | 2 | halves, quarters, eighths below 2^24 | fewer fraction bits, smaller magnitude, positive |
 * | 3 | other values below 2^24 | fewer decimal digits, magnitude nearer to 1, positive |
 * | 4 | values above 2^24 | as rank 3 |
 * | 5 | -0 | |
 * | 6 | the infinities | positive |
 * | 7 | NaN | |
 *
 * 1. FP32 holds every integer up to 2^24 and misses some above, so the integers end there: 16777216 is an
 *    integer that a threshold may reach, 33331812352 only a long way of writing something like 4e10.
 * 2. A fraction of up to three bits is exact in few decimals: 88.5 before 88.1. From a sixteenth on the decimal
 *    is the shorter: 88.06 before 88.0625.
 * 3. The digits are those of the shortest decimal that reads back as the same FP32, as a report prints it.
 * 4. -0, the infinities and NaN come last: where a finite value fails as well, they only distract.
 */

/** The largest magnitude up to which FP32 holds every integer. */
export const MAX_INTEGER = 2 ** 24;

/** Rounds a real to the values that are compared. */
type Round = (x: number) => number;

/** How many fraction bits still read well. */
export const MAX_FRACTION_BITS = 3;

/**
 * Negative when `a` is simpler than `b`, positive when it is less simple, 0 when they are the same value
 * (+0 and -0 differ, all NaNs are one). `round` gives their format, FP32 unless given: a decimal is short if it is rounded to the value.
 */
export function compareValues(a: number, b: number, round: Round = Math.fround): number {
  if (Object.is(a, b)) return 0;
  const keyOfA = keyOf(a, round);
  const keyOfB = keyOf(b, round);
  const at = keyOfA.findIndex((part, index) => part !== keyOfB[index]);
  return at === -1 ? 0 : keyOfA[at] - keyOfB[at];
}

/** Ends with the sign; compared left to right. */
type Key = readonly [rank: number, length: number, exponent: number, magnitude: number, sign: number];

function keyOf(value: number, round: Round): Key {
  const magnitude = Math.abs(value);
  const sign = value < 0 ? 1 : 0;
  if (Number.isNaN(value)) return [7, 0, 0, 0, 0];
  if (magnitude === Number.POSITIVE_INFINITY) return [6, 0, 0, 0, sign];
  if (magnitude === 0) return [Object.is(value, -0) ? 5 : 0, 0, 0, 0, 0];
  if (magnitude <= MAX_INTEGER) {
    for (let bits = 0; bits <= MAX_FRACTION_BITS; bits++) {
      if (Number.isInteger(magnitude * 2 ** bits)) return [bits === 0 ? 1 : 2, bits, 0, magnitude, sign];
    }
  }
  const [digits, exponent] = shortestDecimal(magnitude, round);
  const fromOne = exponent < 0 ? -magnitude : magnitude;
  return [magnitude < MAX_INTEGER ? 3 : 4, digits, Math.abs(exponent), fromOne, sign];
}

/** The number of digits, and the decimal exponent, of the shortest decimal that rounds to an FP32 value. */
function shortestDecimal(magnitude: number, round: Round): [digits: number, exponent: number] {
  for (let digits = 1; ; digits++) {
    const text = magnitude.toExponential(digits - 1);
    if (digits === 9 || round(Number(text)) === magnitude) {
      return [digits, Number(text.slice(text.indexOf('e') + 1))];
    }
  }
}
