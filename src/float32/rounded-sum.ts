/**
 * Sums of doubles, rounded once to FP32.
 *
 * a + b = s + e exactly, s the sum in double precision (Knuth). Where e is not 0, the truth is between s and its neighbor on the side of e. Of these
 * two the one with an odd last bit rounds to FP32 as the truth does (Boldo and Melquiond): it is no midpoint of two FP32 values, and no such
 * midpoint is between it and the truth.
 */

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** a + b, for two doubles, rounded once to FP32. */
export function roundedSum(a: number, b: number): number {
  const sum = a + b;
  const ofB = sum - a;
  const error = a - (sum - ofB) + (b - ofB);
  if (!(error > 0 || error < 0)) return Math.fround(sum);
  double[0] = sum;
  if ((bits[0] & 1n) === 0n) bits[0] += error > 0 === sum > 0 ? 1n : -1n;
  return Math.fround(double[0]);
}
