/**
 * Rows in double precision with a proven error bound: what a verdict needs at a thousandth of decimal.js's cost.
 *
 * Notation as in exact-row.ts; a hat marks what is computed; v = 2^-53. Every bound is first order with the second
 * order absorbed by rounding constants up: all of them are below 2^-20 for up to 10^9 logits.
 * Math.exp and Math.log1p are taken to be within 2 ulp <= 4v relative; sentinels.ts checks the runtime.
 *
 *  - d: one subtraction of two FP32 values, |d^ - d| <= v d.
 *  - w = e^-d for d <= 200: the error of d^ costs d v, exp 4v: (d + 5) v. Above 200, e^-d <= e^-200 < T = 1.4e-87 and
 *    w^ = 1e-87, also in (0, T]: |w^ - w| <= T.
 *  - s = sum of the w but one occurrence of m, in blocks of 256: no term goes through more than h additions, h = n up to
 *    256 and 256 + ceil(n / 256) beyond. They cost h v, the terms their weighted mean of (d + 5) v, at most 205 v:
 *    (h + 205) v relative, and n T absolute.
 *  - S = 1 + s: the terms' errors weighted by p give D v + 5v: (h + 5 + D) v relative.
 *  - p = w (1 / S), two roundings: (d + 5) + (h + 5 + D) + 2 = (d + D + h + 12) v relative, and T absolute.
 *  - L = log1p(s), of condition at most 1 in s: (h + 209) v relative, and n T absolute.
 *  - D^ is within 2^-30 of D relative, so that D^ may stand for D in these bounds.
 *  - sum of p_j over j != t: s / S where t is the occurrence of m that s leaves out, else (S - w_t) / S. There
 *    S - w_t >= 1 >= w_t, so the subtraction at most doubles S's error and adds w_t's: 2 (h + 5 + D) + (d_t + 5) + 2,
 *    times 1 / S as above: (3h + 3D + d_t + 24) v relative, and n T absolute.
 *
 * The logits of a view are z^, within v (k |z| + a) of z. As |z_i| <= |m| + d_i, a gap is off by v d_i of its subtraction and
 * by v (k d_i + 2 k |m| + 2 a) of its ends: (1 + k) v relative, and g = v (2 k |m| + 2 a) absolute. So (1 + k) d stands for d
 * in the bounds above, 200 (1 + k) for 200, and w, s, S and L are off by g more, relative, p by 2g, the sum of the others by 4g; the
 * row may begin from any logit within g of its maximum. Beyond g = 2^-34 nothing is promised: below, e^-200 (1 + g) < T, and
 * what budgets are made of is within 2^-32 of its exact value. But where all others are far from the maximum, masked, or the same number for certain, it is the maximum, these gaps of 0 are exact and
 * the weights of the far ones are in (0, T] whatever they are. With d_1 the least of the far gaps g is then no more than g / d_1 of a gap, relative, and 0 beside that: up to
 * g = 2^-34 d_1, and 2^-34 |m| for the sake of lse.
 */
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../float32/constants.ts';
import { FARTHEST, isSpecial, kindOf, type RowAnalysis } from './row.ts';
import type { View } from './view.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** The weights of so many neighbors are added up on their own. */
const BLOCK = 256;

/** A number in (0, e^-200]. */
const FAR_WEIGHT = 1e-87;

/** At least e^-200. */
const FAR_BOUND = 1.4e-87;

/** The largest absolute error of a gap of which something is proven, where the others are far relative to the least of those. */
const MOST_GAP_ERROR = 2 ** -34;

/** A row in double precision, and how far its numbers may be from the exact ones. */
export interface ApproximateRow extends RowAnalysis {
  /** Bounds of a gap: |d^ - d| <= gapSlope d + gapError. They are v and 0 of FP32 logits; NaN, as all errors then are, where nothing is known. */
  readonly gapSlope: number;
  readonly gapError: number;
  /** Bound of the absolute error of the maximum, also where nothing is known of the other numbers; 0 of FP32 logits. */
  readonly maxError: number;
  /** Bound of p's relative error less the gap's part: |p^ - p| <= p^ (gap gapSlope + relativeError) + absoluteError. */
  readonly relativeError: number;
  /** Bound of |L^ - L|. */
  readonly logSumError: number;
  /** Bound of what far weights may change. */
  readonly absoluteError: number;
  /** The sum of all probabilities but the target's. */
  readonly othersOf: (target: number) => number;
}

/**
 * The row of `logits` in double precision. `gaps` and `probabilities` are filled and kept: they have the row's
 * length. For the kinds of rows without a finite maximum the numbers are NaN and the arrays are left alone.
 */
export function approximateRow(
  logits: Float32Array,
  gaps: Float64Array,
  probabilities: Float64Array,
): ApproximateRow {
  const n = logits.length;
  let max = Number.NEGATIVE_INFINITY;
  let peak = 0;
  let plain = true;
  for (let i = 0; i < n; i++) {
    const x = logits[i];
    if (x > max) {
      max = x;
      peak = i;
    } else if (!(x > Number.NEGATIVE_INFINITY)) plain = false;
  }
  const kind = plain && Number.isFinite(max) ? 'finite' : kindOf(logits);
  if (kind !== 'finite' && kind !== 'masked') return specialRow(kind, null);

  let rest = 0;
  let weightedGaps = 0;
  for (let i = 0; i < n; ) {
    let block = 0;
    for (const end = Math.min(i + BLOCK, n); i < end; i++) {
      const gap = max - logits[i];
      gaps[i] = gap;
      if (gap === 0) {
        probabilities[i] = 1;
        if (i !== peak) block += 1;
        continue;
      }
      const weight = gap <= FARTHEST ? Math.exp(-gap) : gap === Number.POSITIVE_INFINITY ? 0 : FAR_WEIGHT;
      probabilities[i] = weight;
      block += weight;
      if (gap <= FARTHEST) weightedGaps += weight * gap;
    }
    rest += block;
  }
  const inverse = 1 / (1 + rest);
  for (let i = 0; i < n; i++) probabilities[i] *= inverse;
  return analysed({ kind, view: null, max, gaps, probabilities }, peak, rest, weightedGaps);
}

/**
 * The row of a view's logits: as {@link approximateRow}, of which it repeats the loop. That one sees FP32 arrays alone, and is a twentieth
 * faster for it.
 */
export function approximateView(view: View, gaps: Float64Array, probabilities: Float64Array): ApproximateRow {
  const { logits } = view;
  const n = logits.length;
  const kind = kindOf(logits);
  if (isSpecial(kind)) return specialRow(kind, view);
  let peak = 0;
  for (let i = 1; i < n; i++) if (logits[i] > logits[peak]) peak = i;
  const max = logits[peak];

  let rest = 0;
  let weightedGaps = 0;
  for (let i = 0; i < n; ) {
    let block = 0;
    for (const end = Math.min(i + BLOCK, n); i < end; i++) {
      const gap = max - logits[i];
      gaps[i] = gap;
      if (gap === 0) {
        probabilities[i] = 1;
        if (i !== peak) block += 1;
        continue;
      }
      const weight = gap <= FARTHEST ? Math.exp(-gap) : gap === Number.POSITIVE_INFINITY ? 0 : FAR_WEIGHT;
      probabilities[i] = weight;
      block += weight;
      if (gap <= FARTHEST) weightedGaps += weight * gap;
    }
    rest += block;
  }
  const inverse = 1 / (1 + rest);
  for (let i = 0; i < n; i++) probabilities[i] *= inverse;
  return analysed({ kind, view, max, gaps, probabilities }, peak, rest, weightedGaps);
}

/** The row, from s and the sum of w d. */
function analysed(
  {
    kind,
    view,
    max,
    gaps,
    probabilities,
  }: Pick<ApproximateRow, 'kind' | 'view' | 'max' | 'gaps' | 'probabilities'>,
  peak: number,
  rest: number,
  weightedGaps: number,
): ApproximateRow {
  const n = gaps.length;
  const maxError = view === null ? 0 : absoluteErrorOf(view, max);
  const nearest = view !== null && maxError > MOST_GAP_ERROR ? nearestGap(gaps, view, peak) : 0;
  const isApart =
    nearest > FARTHEST && maxError <= MOST_GAP_ERROR * Math.min(nearest, Math.max(1, Math.abs(max)));
  const gapError = isApart ? 0 : maxError <= MOST_GAP_ERROR ? maxError : Number.NaN;
  const gapFactor = view === null ? 1 : 1 + view.bound.relative;
  const additions = n <= BLOCK ? n : BLOCK + Math.ceil(n / BLOCK);
  const sum = 1 + rest;
  const inverse = 1 / sum;
  const targetWeight = (t: number): number => (gaps[t] <= FARTHEST ? Math.exp(-gaps[t]) : 0);
  const meanGap = weightedGaps * inverse;
  const logSum = Math.log1p(rest);
  const far = n * FAR_BOUND;
  return {
    kind,
    view,
    max,
    gaps,
    probabilities,
    logSum,
    logSumExp: max + logSum,
    meanGap,
    gapSlope: gapFactor * v + (isApart ? (1 + 2 ** -20) * (maxError / nearest) : 0),
    gapError,
    maxError,
    relativeError: (additions + 12 + meanGap * gapFactor) * v + 2 * gapError,
    logSumError: logSum * ((additions + 9 + FARTHEST * gapFactor) * v + gapError) + (rest === 0 ? 0 : far),
    absoluteError: far,
    othersOf: (t) => (t === peak ? rest * inverse : (sum - targetWeight(t)) * inverse),
  };
}

/** Bound of the relative error of p_i. */
export function probabilityError(row: ApproximateRow, i: number): number {
  return Math.min(row.gaps[i], FARTHEST) * row.gapSlope + row.relativeError;
}

/** The smallest gap but those of the maximum and of what is the same number; Infinity where all others are masked. */
function nearestGap(gaps: Float64Array, view: View, peak: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < gaps.length; i++)
    if (gaps[i] < least && !(gaps[i] === 0 && (i === peak || view.isSame(i, peak)))) least = gaps[i];
  return least;
}

/** What z may be off by at the maximum, twice: the absolute part of a gap's error. */
function absoluteErrorOf({ bound: { relative, absolute } }: View, max: number): number {
  return 2 * v * (relative * Math.abs(max) + absolute);
}

function specialRow(kind: RowAnalysis['kind'], view: View | null): ApproximateRow {
  const none = new Float64Array();
  const nan = Number.NaN;
  return {
    kind,
    view,
    max: nan,
    gaps: none,
    probabilities: none,
    logSum: nan,
    logSumExp: nan,
    meanGap: nan,
    gapSlope: nan,
    gapError: nan,
    maxError: nan,
    relativeError: nan,
    logSumError: nan,
    absoluteError: nan,
    othersOf: () => nan,
  };
}
