/**
 * The exact answers for the rows [x, 0] and [0, x] in closed form, in double precision, with proven errors.
 *
 * With d = |x|, w = e^-d, q = w/(1+w), h = tanh(d/2)/2 and L = ln(1+w):
 *
 *     softmax      the larger logit 1 - q = 1/2 + h      the smaller q = 1/2 - h
 *     logSoftmax   the larger -L                         the smaller -d - L
 *     logSumExp    max(x, 0) + L
 *
 * Each is kept as base + delta, base an FP32 value, delta in double precision: an answer that is wrong by a constant
 * (0 for every probability, say) has billions of errors just above or below a power of two, and only the sign of a
 * delta as small as e^-200 tells on which side.
 *
 * Error of delta, relative, in v = 2^-53. Math.exp and Math.log1p are within 2 ulp <= 4v (sentinels.ts); d is exact.
 *  - w 4. S = 1 + w: w weighs at most 1/2, so 2, and 1 for the addition. q = w / S: 4 + 3 + 1 = 8.
 *  - L: the condition of log1p is at most 1, so 4, and 4 of its own: 8.
 *  - h for d < 2^-10: d/4 (1 - d^2/12 (1 - d^2/10)), of which the next term of the series is below 2^-70; at most 8.
 *  - d > 200: delta is in (0, e^-200], whatever it is: FAR stands for it, whose error is e^-200 < 2^-288 absolute. FP32
 *    values and halves of ULPs are multiples of 2^-150, so no comparison of theirs comes out differently.
 *
 * Error in ULP of |got - base - delta|: |delta| is at most 2^24 ULP of the exact value, so delta brings 8v 2^24; the
 * first subtraction v (error + |delta|), the second v error. Together 9v 2^24 + 2v error < 2^-25 + 2^-51 error.
 *
 * The ULP is that of the exact value, although it is read from the double: 1 - q is in [1/2, 1), and 1/2 - h is in
 * [1/4, 1/2) for 0 < d < 2^-10. q, L and d + L are monotone in d, and reference.test.ts shows that their doubles have the
 * right exponents at the FP32 values of d on both sides of each point where they reach a power of two.
 */
import { ulp } from '../float32/ulp.ts';
import { FARTHEST } from '../row/row.ts';
import type { SweepOperation } from './plan.ts';

/** A number in (0, e^-200]. */
const FAR = 1e-87;

/** Gaps below this have probabilities near 1/2. */
const NEAR = 2 ** -10;

/** Exact answers, one a row: base[i] + delta[i]. */
export interface Column {
  readonly base: Float64Array;
  readonly delta: Float64Array;
  /** One over the ULP of the exact answer. */
  readonly perUlp: Float64Array;
}

/** The exact answers at the logit x and at the logit 0. A logSumExp has the first alone. */
export interface References {
  readonly x: Column;
  readonly zero: Column;
}

/** Room for `rows` answers. */
export function createReferences(rows: number): References {
  const createColumn = (): Column => ({
    base: new Float64Array(rows),
    delta: new Float64Array(rows),
    perUlp: new Float64Array(rows),
  });
  return { x: createColumn(), zero: createColumn() };
}

/** Writes the exact answers of row `i`, whose logits are `x`, finite, and 0, in any order. */
export type FillReference = (references: References, i: number, x: number) => void;

/** The filler of each operation. */
export const fillReference: Readonly<Record<SweepOperation, FillReference>> = {
  softmax({ x: ofX, zero }, i, x) {
    const larger = x >= 0 ? ofX : zero;
    const smaller = x >= 0 ? zero : ofX;
    const gap = Math.abs(x);
    if (gap < NEAR) {
      const h = (gap / 4) * (1 - ((gap * gap) / 12) * (1 - (gap * gap) / 10));
      set(larger, i, 0.5, h, 2 ** 24);
      set(smaller, i, 0.5, -h, gap === 0 ? 2 ** 24 : 2 ** 25);
    } else {
      const q = smallerProbability(gap);
      set(larger, i, 1, -q, 2 ** 24);
      set(smaller, i, 0, q, perUlp(q));
    }
  },
  logSoftmax({ x: ofX, zero }, i, x) {
    const gap = Math.abs(x);
    const L = logSum(gap);
    set(x >= 0 ? ofX : zero, i, 0, -L, perUlp(L));
    set(x >= 0 ? zero : ofX, i, -gap, -L, perUlp(gap + L));
  },
  logSumExp({ x: ofX }, i, x) {
    const max = Math.max(x, 0);
    const L = logSum(Math.abs(x));
    set(ofX, i, max, L, perUlp(max + L));
  },
};

function set(column: Column, i: number, base: number, delta: number, perUlp: number): void {
  column.base[i] = base;
  column.delta[i] = delta;
  column.perUlp[i] = perUlp;
}

const perUlpOfExponent = Float64Array.from({ length: 2047 }, (_, field) => 1 / ulp(2 ** (field - 1023)));
const double = new DataView(new ArrayBuffer(8));

/** One over the ULP of a positive double, by its exponent field: that of ulp.ts, a seventh of a sweep faster. */
function perUlp(value: number): number {
  double.setFloat64(0, value);
  return perUlpOfExponent[double.getUint16(0) >>> 4];
}

/** q: the probability of the smaller logit. */
function smallerProbability(gap: number): number {
  if (gap > FARTHEST) return FAR;
  const weight = Math.exp(-gap);
  return weight / (1 + weight);
}

/** L, of two logits with this gap. */
function logSum(gap: number): number {
  return gap > FARTHEST ? FAR : Math.log1p(Math.exp(-gap));
}
