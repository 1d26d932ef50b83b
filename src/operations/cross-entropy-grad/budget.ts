/**
 * Of the loss's gradient. Its entry at the target is p_t - 1, off by what p_t is; or minus the sum of the others, each off by
 * gamma(d_j (kappa_s + perGap) + constant + E_S + kappa_d) relative, of which the gaps' part comes to D (kappa_s + perGap) at most,
 * added with h additions. That is (1 - p_t) gamma(constant + E_S + kappa_d + h) + gamma(D (kappa_s + perGap)), and n - 1 floors.
 * Perturbed logits change each of the others by a factor of 1 + growth at most, before all that.
 */
import { costOf, gamma, SECOND_ORDER } from '../../row/row-costs.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] = ({
  row: { probabilities },
  profile,
  unit,
  additions,
  perGap,
  meanGap,
  growth,
  perTerm,
  floor,
  lost,
  probability,
  fromStored,
  backwardAt,
}) => {
  const { stored, storedFloor } = profile;
  const steps = (profile.gradient + 4 * stored) * unit;
  const bySum = (others: number): number =>
    costOf(others, gamma(perTerm + additions, unit) * (1 + growth) + growth) +
    gamma(meanGap * perGap * SECOND_ORDER, unit) * (1 + growth) +
    lost;
  return (i, { target, share }) => {
    const exact = i === target ? 1 - probabilities[i] : probabilities[i];
    const ofProbability =
      i === target && profile.gradientBySum ? Math.max(probability(i), bySum(exact)) : probability(i);
    const ofStored = probabilities[i] * fromStored(i) + (stored === 0 ? 0 : steps * probabilities[i]);
    return share * (ofProbability + ofStored + steps * exact + backwardAt(i)) + floor + 3 * storedFloor;
  };
};
