/**
 * What a loss with options may be off by.
 *
 * With T_j what a profile allows to ln p_j, h the additions of C numbers, u the unit roundoff. A row is the sum of products: its weights and their
 * product cost 5 u, 6 u where the row has one of its own, and h u of sum_j q_j |ln p_j| where all classes count. Kernels that take lse - z_j add the z_j and lse by themselves: where the
 * profile's maximum is rounded, h + 5 more of sum_j q_j (|z_j| + |lse|). What is below the normal range, of weight w at most, costs a floor each: q_j, which ln p_j is
 * multiplied by, and a product, w floor (C + sum_j |ln p_j|), and of the target alone, where a weight is above 1, w floor (1 + |ln p_t|). x lse^2: x (2 |lse| + T) T + 4 u of itself, or 5 u. Both are added, u. Then
 * the N rows, gamma(N), and the divisor, whose sum of weights has N u more, and three roundings.
 */
import type { LossTerms, RowTerms } from '../../../options/loss/terms.ts';
import { gamma, timesBound } from '../../../row/gamma.ts';
import type { Profile } from '../../../row/profile.ts';
import type { RowCosts } from '../../../row/row-costs.ts';
import { budget as ofLogSoftmax } from '../../log-softmax/budget.ts';
import { budget as ofLogSumExpBudget } from '../../log-sum-exp/budget.ts';
import { noInputs } from '../../operation.ts';
import { rowsOf } from './outcome.ts';

/** See {@link LossSpec}. */
export function budget(
  terms: LossTerms,
  costs: readonly (RowCosts | null)[],
  profile: Profile,
  k: number,
): number {
  const { divisor, zDivisor } = terms;
  const isByWeights = terms.reduction === 'mean' && terms.semantics.divisor === 'weights';
  const { unit: u, stored, storedFloor, floor } = profile;
  if (divisor === 0) return 0;
  let [allowed, losses, lost] = [0, 0, 0];
  for (const r of rowsOf(terms, k)) {
    const row = terms.rows[r];
    if (row.isNothing) continue;
    const ofRow = costs[r];
    if (ofRow === null) return 0;
    const cost = rowBudget(row, ofRow, terms.isWeighted ? 1 : 0);
    if (Number.isNaN(cost.loss) || cost.loss === Number.POSITIVE_INFINITY) return 0;
    const toMean = divisor / zDivisor;
    allowed += cost.ofLoss + toMean * cost.ofSquare;
    losses += cost.loss + toMean * cost.square;
    lost += floor + 3 * storedFloor;
  }
  if (losses === 0 && allowed === 0) return 0;
  const ofStored = timesBound(8 * stored * u, losses + allowed);
  allowed += ofStored;
  const count = rowsOf(terms, k).length;
  const steps = gamma((isByWeights ? 2 : 1) * count + 4, u);
  const all = allowed + timesBound(steps, losses + allowed) + lost;
  return all / divisor + floor + 3 * storedFloor;
}

/** A row's loss and x lse^2, and what a profile allows to each; `ofWeight` is the rounding of its weight. */
function rowBudget(terms: RowTerms, costs: RowCosts, ofWeight: 0 | 1) {
  const { coefficients, total, ofSquare: x, isDense, mostWeight } = terms;
  const { row, profile, unit: u, additions: h, stored } = { ...costs, stored: costs.profile.stored };
  const { gaps, max, logSum, logSumExp } = row;
  const ofEntry = ofLogSoftmax(costs);
  let [loss, ofLoss, size, logs] = [0, 0, 0, 0];
  for (let j = 0; j < coefficients.length; j++) {
    const q = coefficients[j];
    if (q === 0) continue;
    logs += gaps[j] + logSum;
    loss += q * (gaps[j] + logSum);
    ofLoss += timesBound(q, ofEntry(j, noInputs));
    size += q * Math.abs(max - gaps[j]);
  }
  const steps = 5 + ofWeight + (isDense ? h : 0) + 2 * stored;
  ofLoss += timesBound(loss + ofLoss, gamma(steps, u));
  const products = isDense ? coefficients.length : mostWeight > 1 ? 1 : 0;
  if (products > 0) ofLoss += (costs.floor + profile.storedFloor) * mostWeight * (products + logs);
  if (isDense && profile.roundedMax)
    ofLoss += timesBound(size + total * Math.abs(logSumExp), gamma(h + 5, u));
  if (x === 0) return { loss, ofLoss, square: 0, ofSquare: 0 };
  const ofLse = ofLogSumExpBudget(costs)(0, noInputs);
  const square = x * logSumExp * logSumExp;
  const ofProduct = x * (2 * Math.abs(logSumExp) + ofLse) * ofLse;
  const ofSquare = ofProduct + timesBound(square + ofProduct, gamma(4 + ofWeight + 2 * stored, u));
  return { loss, ofLoss, square, ofSquare };
}
