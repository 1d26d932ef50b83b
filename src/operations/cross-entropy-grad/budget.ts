/**
 * Of the loss's gradient. Its entry at the target is p_t - 1, off by what p_t is; or minus the sum of the others, each off by
 * gamma(d_j (kappa_s + perGap) + constant + E_S + kappa_d) relative, of which the gaps' part comes to D (kappa_s + perGap) at most,
 * added with h additions. That is (1 - p_t) gamma(constant + E_S + kappa_d + h) + gamma(D (kappa_s + perGap)), and n - 1 floors.
 * Perturbed logits change each of the others by a factor of 1 + growth at most, before all that. Where p_i may be e^(x_i - lse), it is off by that too, if it is more.
 */
import { gamma } from '../../row/gamma.ts';
import { FARTHEST } from '../../row/row.ts';
import { SECOND_ORDER } from '../../row/row-costs.ts';
import { errorOfExp } from '../log-softmax-grad/budget.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] = (costs) => {
  const { row, profile, unit, additions, perGap, meanGap, growth, perTerm, floor, lost } = costs;
  const { fromStored, backwardAt } = costs;
  const { gaps, probabilities } = row;
  const { stored, storedFloor } = profile;
  const isByExp = (i: number): boolean => profile.savedLse && gaps[i] <= FARTHEST;
  const probability = (i: number, isQuick: boolean): number =>
    isByExp(i)
      ? Math.max(costs.probability(i, isQuick), errorOfExp(costs, i, isQuick))
      : costs.probability(i, isQuick);
  const steps = (profile.gradient + 4 * stored) * unit;
  const bySum = (others: number): number => {
    const ofTerms = gamma(perTerm + additions, unit) * (1 + growth) + growth;
    // Others that are rounded to 0 are not nothing.
    const added = ofTerms === Number.POSITIVE_INFINITY ? ofTerms : others * ofTerms;
    return added + gamma(meanGap * perGap * SECOND_ORDER, unit) * (1 + growth) + lost;
  };
  return (i, { target, share }, isQuick = false) => {
    const exact = i === target ? 1 - probabilities[i] : probabilities[i];
    const own = probability(i, isQuick);
    const ofProbability = i === target && profile.gradientBySum ? Math.max(own, bySum(exact)) : own;
    const ofStored = probabilities[i] * fromStored(i) + (stored === 0 ? 0 : steps * probabilities[i]);
    return share * (ofProbability + ofStored + steps * exact + backwardAt(i)) + floor + 3 * storedFloor;
  };
};
