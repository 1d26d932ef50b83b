/**
 * What the steps of a row may cost whose logits are off before it begins. Notation of row-costs.ts.
 *
 * FP32 may come to z^ with |z^_i - z_i| <= eta_i before the row begins (view.ts). Then
 *
 *     Lambda = min(max eta_j, ln sum p_j e^eta_j)
 *
 * bounds the change of lse, which is 1-Lipschitz in the largest change, and is at most ln sum p_j e^eta_j more, and by Jensen
 * at most sum p_j eta_j <= ln sum p_j e^eta_j less. So ln p_i changes by eta_i + Lambda at most. All of row-costs.ts is then of the row of z^, whose
 * gaps are at most d+_i = d_i + eta_i + max eta, whose mean gap is sum p^_i d^_i <= e^(max eta + Lambda) sum p_i d+_i, whose L is at
 * most Lambda + max eta more, and where the largest logit's exp need not be exact: its logit may have become another. So
 *
 *     softmax      p_i [e^(eta_i + Lambda) (1 + gamma(d+_i (kappa_s + perGap) + ...)) - 1] + floor
 *     logSoftmax   as there with d+ for d, and eta_i + Lambda;    lse  Lambda and its rounding
 *
 * Logits with d_i - eta_i > 200 are left out of max eta and of Lambda, however large their own eta_i is, as that of a finite mask is: their weights are
 * below e^-(200 - eta of the maximum) before and after. Where eta_i + Lambda > 80 a probability may be any, but never more than (1 + u)^(h + kappa_d), as its
 * numerator is in the sum; and ln S is in [0, ln n] all the same. Beside masked logits alone a logit has p = 1 and no gap however far it is off, and only lse has its eta.
 *
 * A scale may be applied after the maximum is subtracted, (x - max) s: one rounding of the gap more; a logarithm then has that of max s.
 */
import { gamma } from './gamma.ts';
import { FARTHEST, type RowAnalysis } from './row.ts';
import type { RowCosts } from './row-costs.ts';

/** A change of ln p_i beyond which a probability may be any. */
export const MOST_GROWTH = 80;

/** What perturbed logits may come to. */
export interface Spread {
  readonly eta: Float64Array;
  /** The largest eta of a logit that may matter. */
  readonly most: number;
  /** Lambda. */
  readonly shift: number;
  /** D and L of the row of z^, at most. */
  readonly meanGap: number;
  readonly logSum: number;
}

/** What logits come to that may be off by eta. */
export function spreadOf({ gaps, probabilities, meanGap, logSum }: RowAnalysis, eta: Float64Array): Spread {
  let most = 0;
  for (let i = 0; i < gaps.length; i++) if (gaps[i] - eta[i] <= FARTHEST) most = Math.max(most, eta[i]);
  let raised = 0;
  let mean = 0;
  for (let i = 0; i < gaps.length; i++) {
    if (!(gaps[i] - eta[i] <= FARTHEST)) continue;
    const p = gaps[i] > FARTHEST ? Math.exp(-gaps[i]) : probabilities[i];
    raised += p * Math.expm1(eta[i]);
    mean += p * (eta[i] + most);
  }
  if (most > MOST_GROWTH) {
    return { eta, most, shift: most, meanGap: Number.POSITIVE_INFINITY, logSum: Math.log(gaps.length) };
  }
  const shift = Math.min(most, Math.log1p(raised));
  return {
    eta,
    most,
    shift,
    meanGap: Math.exp(most + shift) * (meanGap + mean),
    logSum: logSum + shift + most,
  };
}

/** The costs of one logit of the row, beside what its own perturbation does. */
interface OfLogit {
  readonly subtraction: number;
  readonly relative: (gap: number, more: number) => number;
  readonly ofWeights: (gap: number) => number;
}

/** The costs of a row of perturbed logits, from those that `plain` has with the spread's D and L. */
export function perturbed(
  plain: RowCosts,
  { eta, most, shift }: Spread,
  { subtraction, relative, ofWeights }: OfLogit,
): RowCosts {
  const { row, profile, unit: u, floor, sum, additions: h } = plain;
  const log = Math.min(plain.log, Math.log(row.gaps.length) + 1);
  const { gaps, probabilities } = row;
  const gapOf = (i: number): number => gaps[i] + eta[i] + most;
  const term = (i: number, more: number, isQuick = false): number => {
    const growth = eta[i] + shift;
    if (gaps[i] - growth > FARTHEST) return 0;
    const any = 1 + gamma(h + profile.division + 2 * profile.stored + more, u);
    if (growth > MOST_GROWTH) return any;
    if (isQuick) {
      // e^g - 1 >= g and e^g >= 1.
      if (gaps[i] > FARTHEST) return 0;
      return Math.min(any, probabilities[i] * (growth + relative(gapOf(i), more)) + ofWeights(gapOf(i)));
    }
    const p = gaps[i] > FARTHEST ? Math.exp(-gaps[i]) : probabilities[i];
    const grown = Math.exp(growth);
    const own = p * (Math.expm1(growth) + grown * relative(gapOf(i), more)) + grown * ofWeights(gapOf(i));
    return Math.min(any, own);
  };
  return {
    ...plain,
    log,
    growth: Math.expm1(Math.min(most + shift, 2 * MOST_GROWTH)),
    ofLogits: plain.ofLogits + shift,
    term,
    probability: (i, isQuick) => term(i, 0, isQuick) + floor,
    logProbability(i) {
      const difference = log + subtraction * u * gapOf(i) + eta[i] + shift;
      return difference + u * (gaps[i] + row.logSum + difference);
    },
    backwardAt: (i) =>
      profile.gradientThroughMax && gaps[i] <= eta[i] + most ? gamma(sum + h + profile.division + 4, u) : 0,
  };
}
