/** Of logSumExp: ln S, its addition to the maximum, what the logits are off by, and a flush of the answer itself. */
import { MIN_NORMAL, UNIT_ROUNDOFF } from '../../float32/constants.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] = ({ row, floor, alone, log, throughMax, ofLogits }) => {
  const flushed = floor >= MIN_NORMAL ? floor : 0;
  const rounded = UNIT_ROUNDOFF * (Math.abs(row.logSumExp) + log + ofLogits);
  const allowed = (alone ? flushed : log + rounded + throughMax + flushed) + ofLogits;
  return () => allowed;
};
