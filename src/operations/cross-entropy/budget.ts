/**
 * Of the mean loss: its rows' log-softmax budgets, and the roundings of the mean, which are N - 1 additions and a division of
 * what the losses may come to.
 */
import { gamma, timesBound } from '../../row/gamma.ts';
import { budget as ofLogSoftmax } from '../log-softmax/budget.ts';
import { type LossSpec, noInputs } from '../operation.ts';

/** See {@link LossSpec}. */
export const budget: LossSpec['budget'] = (costs, targets, profile) => {
  let allowed = 0;
  let losses = 0;
  for (const [r, ofRow] of costs.entries()) {
    if (ofRow === null) return 0;
    const { gaps, logSum } = ofRow.row;
    const gap = gaps[targets[r]];
    if (gap === Number.POSITIVE_INFINITY) return 0;
    allowed += ofLogSoftmax(ofRow)(targets[r], noInputs);
    losses += gap + logSum;
  }
  // Where losses are stored, one is rounded, and so are the mean and what it is made of.
  const ofStored = timesBound(4 * profile.stored * profile.unit, losses + allowed);
  allowed += ofStored + costs.length * profile.storedFloor;
  if (costs.length === 1) return allowed + profile.floor;
  return (allowed + gamma(costs.length, profile.unit) * (losses + allowed)) / costs.length + profile.floor;
};
