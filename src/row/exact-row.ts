/**
 * One row of logits in decimal arithmetic: everything that the answers of all operations are made of.
 *
 *     m = max x_i,  d_i = m - x_i,  w_i = e^-d_i,  s = Σ w_i without one occurrence of m,  S = 1 + s,
 *     L = ln S,  p_i = w_i / S,  lse = m + L,  ln p_i = -(d_i + L)
 *
 * m and d_i are exact. The others have a relative error, in units of h = 0.5 * 10^(1-P), P digits, n logits:
 *  - w 11 (elementary.ts), s n + 9 (n - 2 additions), S n + 10, 1/S n + 11, p = w * (1/S) n + 23;
 *  - L: the condition of ln(1 + s) is at most 1, so n + 9, and 160 of the logarithm itself: n + 169;
 *  - Σ_{j≠t} p_j: its numerator is s when x_t = m, otherwise S - w_t, which is at least 1 and at least S/2, so that
 *    the subtraction at most doubles the error of S: 2(n + 10) + 12; times 1/S: 3n + 44.
 * Every one is below (4n + 200) h = (2n + 100) * 10^(1-P), with room for replaced weights and a division by N.
 *
 * Replaced weights. Above the gap T = 2.5 P + 130 the true weight (some are e^-10^38) gives way to the constant
 * 10^-2P-100, or the power of ten below e^-T where that is less: it is also in (0, e^-T]. No rounded answer changes, for up to 10^10 logits in a batch of N rows:
 *  - FP32 values are multiples of 2^-149, boundaries of rounding (midpoints) of 2^-150. A row's d_t + L, its m + L
 *    and the sum over rows of d_t + L are a multiple of 2^-149 plus Λ > 0; a mean compares the sum with N
 *    times a boundary. If Λ < 2^-151 before and after the replacement, no boundary is in between, whatever Λ:
 *    at [1, -16777216] the gap is a boundary and any L > 0 tips -(d + L) to -16777218.
 *  - Otherwise Λ >= 2^-152, and replacing changes it by nN e^-T at most: relative to Λ, less than
 *    10^(10 - 1.0857 P - 56.4 + 45.8) < 10^-P. That is 0.2 h.
 *  - p_i with d_i > T, and Σ_{j≠t} p_j of only such terms, are below 2^-151 before and after: 0. Other sums and
 *    quotients change as Λ does.
 *
 * Reals z instead of logits (view.ts). Where they are exact, they are multiples of 2^-298 below 2^257, and answers may be
 * multiplied by a slope below 2^128. T = 2.5 P + 240 is as far beyond: where Λ >= 2^-301, replacing changes it by less
 * than 10^(10 - 1.0857 P - 104.2 + 90.7) < 10^-P relative, and p_i 2^128 with d_i > T is below 2^-151 as before.
 *
 * Where they are not, each z^ is within ε = 10^(1-P) / 2 of z, so that a gap is off by 2ε = 2h, and by as much the weight is,
 * relative; m by ε. The row may begin from any logit near its maximum as from m: what these proofs ask of w <= 1 holds but for
 * a factor of 1 + 2h. S and s are off by 2h more, p by 4h, Σ_{j≠t} p_j by 8h, L by 2h, for its condition in s is at most 1;
 * slopes by 2h: 10 h more than above, for which (2n + 110) * 10^(1-P) has room. No truth is known to be a boundary then, but where logits
 * are equal for the same reason, and their gaps exactly 0. Far weights count as an error, not as certain: n 10^-T log10 e.
 *
 * Losses with options are sums of multiples of 2^-1200 and of L's (operations/cross-entropy/with-options/exact.ts): T = 2.5 P + 910 is as far beyond those.
 * Where Λ >= 2^-1203, replacing changes it by less than 10^(10 - 1.0857 P - 395 + 363) < 10^-P relative.
 */
import { type Decimal, decimalOf, Wide, ZERO } from './decimal.ts';
import { elementary } from './elementary.ts';
import type { View } from './view.ts';

/** T less 2.5 P, of FP32 logits and of a view's. */
const REACH = 130;
const REACH_OF_VIEW = 240;
const REACH_OF_TERMS = 910;

/** A row whose maximum is finite, evaluated at some precision. Masked entries (-Infinity) have weight 0. */
export interface ExactRow {
  /** m, exact but for {@link gapError}. */
  readonly max: Decimal;
  /** T. */
  readonly largestGap: number;
  /** The logits with a finite gap above T, by their index, and a bound for the weights of each, true or replaced. */
  readonly far: readonly number[];
  readonly farWeight: Decimal;
  /** The logits with gap 0, where no other gap is up to T; else null. */
  readonly levels: readonly number[] | null;
  /** How many logits have gap 0, k, and what the others have of S, t: each of the k has (1 - t) / k, where t may be less than the digits of p show. */
  readonly peaks: number;
  readonly beside: Decimal;
  /** Each logit's term; equal logits share theirs. */
  readonly terms: readonly ExactTerm[];
  /** Σ_{j≠t} p_j, without cancellation. */
  readonly othersOf: (target: number) => Decimal;
  /** L, 0 exactly when one logit only is not masked. */
  readonly logSum: Decimal;
  /** Bound for the absolute error of L. */
  readonly logSumError: Decimal;
  /** Bound for the relative error of p_i, t, Σ_{j≠t} p_j and L, and of their quotients by N and products with slopes. */
  readonly relativeError: Decimal;
  /** Bound for the absolute error of m and of each gap that is not 0; 0 where they are exact. */
  readonly gapError: Decimal;
  /** dz_i / dx_i; null where all are 1. */
  readonly slopeAt: ((i: number) => Decimal) | null;
  /** Whether slopes are exact. */
  readonly hasExactSlopes: boolean;
}

/** What one logit adds to its row. */
export interface ExactTerm {
  /** d_i, exact but for {@link ExactRow.gapError}; Infinity where masked. */
  readonly gap: Decimal;
  /** p_i; 0 where masked. */
  readonly probability: Decimal;
}

/** At least e^-gap. */
export function weightBeyond(gap: number): Decimal {
  return new Wide(`1e-${Math.floor(gap * Math.LOG10E)}`);
}

/** The row at a precision of `digits`, at least 20, as part of a loss with options where it `hasTerms`. The logits are FP32 values or -Infinity, not all of them. */
export function evaluateRow(logits: Float32Array, digits: number, hasTerms = false): ExactRow {
  const top = logits.reduce((a, b) => Math.max(a, b));
  return { ...evaluate(logits, decimalOf, top, digits, hasTerms ? REACH_OF_TERMS : REACH), ...plain };
}

const plain = { gapError: ZERO, slopeAt: null, hasExactSlopes: true } as const;

/** The row of a view's logits, whose maximum is finite. */
export function evaluateView(view: View, digits: number, hasTerms = false): ExactRow {
  const { values, isExact, slopeAt } = view.exactly(digits);
  const top = Array.from(new Set(values)).reduce((a, b) => (b.gt(a) ? b : a));
  const row = evaluate(values, (value) => value, top, digits, hasTerms ? REACH_OF_TERMS : REACH_OF_VIEW);
  if (isExact) return { ...row, gapError: ZERO, slopeAt, hasExactSlopes: true };
  const relativeError = new Wide(`${2 * values.length + 110}e${1 - digits}`);
  const far = row.farWeight.times(row.far.length);
  return {
    ...row,
    relativeError: relativeError.plus(far),
    logSumError: row.logSum.times(relativeError).plus(far),
    gapError: new Wide(`1e${1 - digits}`),
    slopeAt,
    hasExactSlopes: false,
  };
}

/** Logits, each a key of its exact value. Those of one key share a term. */
interface Keys<K> extends Iterable<K> {
  readonly length: number;
  readonly [i: number]: K;
  indexOf(key: K): number;
}

function evaluate<K>(
  logits: Keys<K>,
  realOf: (logit: K) => Decimal,
  top: K,
  digits: number,
  reach: number,
): Omit<ExactRow, keyof typeof plain> {
  const { Decimal: D, expNegative, logOnePlus } = elementary(digits);
  const largestGap = 2.5 * digits + reach;
  const replacement = new D(`1e-${Math.max(2 * digits + 100, Math.ceil(largestGap * Math.LOG10E))}`);
  const max = realOf(top);

  const terms = new Map<K, ExactTerm & { readonly weight: Decimal; probability: Decimal }>();
  function termOf(logit: K) {
    let term = terms.get(logit);
    if (term === undefined) {
      const gap = Wide.sub(max, realOf(logit));
      term = { gap, weight: weightOf(gap), probability: ZERO };
      terms.set(logit, term);
    }
    return term;
  }
  function weightOf(gap: Decimal): Decimal {
    if (!gap.isFinite()) return ZERO;
    return gap.gt(largestGap) ? replacement : expNegative(gap);
  }

  const all = Array.from(logits, termOf);
  const peak = logits.indexOf(top);
  const rest = all.reduce((sum, { weight }, i) => (i === peak ? sum : sum.plus(weight)), new D(0));
  const sum = rest.plus(1);
  const inverse = D.div(1, sum);
  const lower = all.reduce((total, { gap, weight }) => (gap.isZero() ? total : total.plus(weight)), new D(0));
  const peaks = all.reduce((count, { gap }) => (gap.isZero() ? count + 1 : count), 0);
  for (const term of terms.values()) term.probability = inverse.times(term.weight);
  const logSum = logOnePlus(rest);
  const indicesWhere = (test: (gap: Decimal) => boolean): number[] => {
    const chosen = new Set(Array.from(terms.values()).filter(({ gap }) => gap.isFinite() && test(gap)));
    const indices: number[] = [];
    if (chosen.size > 0) for (let i = 0; i < all.length; i++) if (chosen.has(all[i])) indices.push(i);
    return indices;
  };
  const far = indicesWhere((gap) => gap.gt(largestGap));
  const isNear = ({ gap }: { readonly gap: Decimal }): boolean => !gap.isZero() && gap.lte(largestGap);
  const levels = Array.from(terms.values()).some(isNear) ? null : indicesWhere((gap) => gap.isZero());
  const relativeError = new Wide(`${2 * logits.length + 100}e${1 - digits}`);

  return {
    max,
    largestGap,
    far,
    farWeight: weightBeyond(largestGap),
    levels,
    peaks,
    beside: inverse.times(lower),
    terms: all,
    othersOf: (target) => inverse.times(logits[target] === top ? rest : sum.minus(all[target].weight)),
    logSum,
    logSumError: logSum.times(relativeError),
    relativeError,
  };
}
