/**
 * Of a vector-Jacobian product. Let p^ be off by the softmax budget, P_i, and t_i its factor, h the additions of a term as
 * above. gradient + kappa_d more roundings of either term pay for every way to multiply out, g p - p c, g / S, ….
 *
 *  - softmaxGrad p_i (g_i - c), c = sum_j g_j p_j: c^ is within C = sum_j |g_j| (p_j gamma(t_j + h + 1) + floor) + 2n floor
 *    of c. With a = |g_i| + sum_j |g_j| p_j, at least |g_i - c|,
 *        P_i a + (p_i + P_i) C + (p_i + P_i) a gamma(gradient + kappa_d) + floor.
 *    a stands for |g_i - c|, which cancels and would have to be known to 2^-30: C is of that size already.
 *  - Backward through the max, the roundings of a row's other entries end at the max: 2 gamma(…) of the terms' magnitudes.
 *
 * The entry of a product may lose two numbers to flush to zero, g p and p c, or one and the upstream value: two floors. A masked
 * entry is exactly 0, or g_i of logSoftmaxGrad.
 */
import { gamma, timesBound } from '../../row/gamma.ts';
import type { RowCosts } from '../../row/row-costs.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] = (costs) => {
  const { row, profile, unit, flushes, floor, growth, probability, fromStored, backwardAt } = costs;
  const { probabilities } = row;
  const { stored, storedFloor } = profile;
  const multiplying = gamma(profile.gradient + profile.division + 4 * stored, unit);
  const ofProduct = (flushes ? 2 * floor : floor) + 3 * storedFloor;
  let [dotError, quickDotError]: (number | undefined)[] = [];
  return (i, { upstream }, isQuick = false) => {
    if (upstream === null) return Number.NaN;
    let ofDot: number;
    if (isQuick && growth > 0) ofDot = quickDotError ??= errorOfDot(costs, upstream.values, true);
    else ofDot = dotError ??= errorOfDot(costs, upstream.values, false);
    const error = probability(i, isQuick) * (1 + fromStored(i)) + probabilities[i] * fromStored(i);
    const most = Math.abs(upstream.values[i]) + upstream.meanMagnitude;
    const steps = timesBound(ofDot + most * multiplying, probabilities[i] + error);
    return (
      timesBound(most, error) + steps + timesBound(2 * upstream.meanMagnitude, backwardAt(i)) + ofProduct
    );
  };
};

/** C. Products that are stored are rounded to the storage too. */
function errorOfDot(
  { row: { gaps, probabilities }, profile: { stored, storedFloor }, unit, additions, term, floor }: RowCosts,
  upstream: Float32Array,
  isQuick: boolean,
): number {
  const ofProduct = (j: number): number =>
    stored === 0 ? 0 : probabilities[j] * gamma(2 * stored, unit) + storedFloor;
  let error = 2 * gaps.length * floor;
  for (let j = 0; j < gaps.length; j++) {
    if (gaps[j] === Number.POSITIVE_INFINITY) continue;
    const ofTerm = term(j, additions + 1 + 2 * stored, isQuick) + ofProduct(j) + floor;
    error += timesBound(Math.abs(upstream[j]), ofTerm);
  }
  return error;
}
