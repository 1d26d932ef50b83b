/**
 * Of the loss's gradient. Its entry at the target is p_t - 1, off by what p_t is; or minus the sum of the others, each off by
 * gamma(d_j (kappa_s + perGap) + constant + E_S + kappa_d) relative, of which the gaps' part comes to D (kappa_s + perGap) at most,
 * added with h additions. That is (1 - p_t) gamma(constant + E_S + kappa_d + h) + gamma(D (kappa_s + perGap)), and n - 1 floors.
 * Perturbed logits change each of the others by a factor of 1 + growth at most, before all that.
 */
import { UNIT_ROUNDOFF } from '../../float32/constants.ts';
import { gamma, SECOND_ORDER } from '../../row/row-costs.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] = ({
  row: { probabilities },
  profile,
  additions,
  perGap,
  meanGap,
  growth,
  perTerm,
  floor,
  lost,
  probability,
  backwardAt,
}) => {
  const bySum = (others: number): number =>
    others * (gamma(perTerm + additions) * (1 + growth) + growth) +
    gamma(meanGap * perGap * SECOND_ORDER) * (1 + growth) +
    lost;
  return (i, { target, share }) => {
    const exact = i === target ? 1 - probabilities[i] : probabilities[i];
    const ofProbability =
      i === target && profile.gradientBySum ? Math.max(probability(i), bySum(exact)) : probability(i);
    return share * (ofProbability + profile.gradient * UNIT_ROUNDOFF * exact + backwardAt(i)) + floor;
  };
};
