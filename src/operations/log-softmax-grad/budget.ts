/**
 * Of a vector-Jacobian product. Let p^ be off by the softmax budget, P_i, and t_i its factor, h the additions of a term as
 * above. gradient + kappa_d more roundings of either term pay for every way to multiply out, g p - p c, g / S, ….
 *
 *  - logSoftmaxGrad g_i - p_i V, V = sum_j g_j, over masked entries too: V^ is within E = gamma(h) sum_j |g_j| + n floor.
 *    p^ may be e to the kernel's own ln p_i, off by a = that budget (without what a rounded max adds: exp of it would be
 *    wrong throughout, as for softmax) and exp's own at |ln p_i|: Q_i = p_i (e^(a + gamma(…)) - 1), or P_i if that is more.
 *        Q_i |V| + (p_i + Q_i) E + gamma(gradient + kappa_d) (|g_i| + (p_i + Q_i) (|V| + E)) + floor.
 *  - Backward through the max, the roundings of a row's other entries end at the max: 2 gamma(…) of the terms' magnitudes.
 *
 * The entry of a product may lose two numbers to flush to zero, g p and p c, or one and the upstream value: two floors. A masked
 * entry is exactly 0, or g_i of logSoftmaxGrad.
 */
import { gamma, timesBound } from '../../row/gamma.ts';
import { FARTHEST } from '../../row/row.ts';
import type { RowCosts } from '../../row/row-costs.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] = (costs) => {
  const { row, profile, unit, flushes, additions, floor, probability, fromStored, backwardAt } = costs;
  const { gaps, probabilities } = row;
  const { stored, storedFloor } = profile;
  const multiplying = gamma(profile.gradient + profile.division + 4 * stored, unit);
  const ofProduct = (flushes ? 2 * floor : floor) + 3 * storedFloor;
  const adding = gamma(additions + stored, unit);
  const flushed = flushes ? floor * gaps.length : 0;
  return (i, { upstream }, isQuick = false) => {
    if (upstream === null) return Number.NaN;
    const total = Math.abs(upstream.total);
    const totalError = timesBound(upstream.magnitude, adding) + flushed;
    const ofProbability = Math.max(
      probability(i, isQuick),
      gaps[i] > FARTHEST ? 0 : errorOfExp(costs, i, isQuick),
    );
    const error = ofProbability * (1 + fromStored(i)) + probabilities[i] * Math.expm1(fromStored(i));
    const most = probabilities[i] + error;
    const product = timesBound(total, error) + timesBound(totalError, most);
    const ofTotal = timesBound(total + totalError, most);
    const steps = multiplying * (Math.abs(upstream.values[i]) + ofTotal);
    return product + steps + timesBound(2 * upstream.magnitude, backwardAt(i)) + ofProduct;
  };
};

/** Where logits are perturbed, no e^ln p is over 1 by more than roundings, whatever p is. */
const MOST = 2;

/**
 * Of e to the computed ln p_i. Where that may be x_i - lse with a rounded lse (a profile's `savedLse`), m + L is rounded: by u (|lse| + a) at most, a being
 * what ln S and the logits are off by, of which the 2u |lse| that comes through the maximum is more; and by no more than the computed L, as m itself is a
 * number to round to. The difference is rounded as that of the gap is. Where `isQuick`, x stands for e^x - 1, which is more.
 */
export function errorOfExp(costs: RowCosts, i: number, isQuick = false): number {
  const { row, profile, unit, alone, floor, growth, log, logProbability, throughMax } = costs;
  const { exp, stored, savedLse } = profile;
  const ofExp = gamma(exp.constant + stored + exp.perGap * (row.gaps[i] + row.logSum), unit);
  const logSum = (): number => (growth === 0 ? row.logSum : Math.log(row.gaps.length));
  const ofLse = savedLse ? Math.min(throughMax, logSum() + log) * (1 + unit) : 0;
  const ofLogarithm = (alone ? 0 : logProbability(i) + ofLse) + ofExp;
  const error = row.probabilities[i] * (isQuick ? ofLogarithm : Math.expm1(ofLogarithm));
  return (growth === 0 ? error : Math.min(error, MOST)) + floor;
}
