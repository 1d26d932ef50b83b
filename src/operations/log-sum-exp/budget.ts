/** Of logSumExp: ln S, its addition to the maximum, what the logits are off by, and a flush of the answer itself. */
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] = ({
  row,
  unit,
  flushes,
  floor,
  alone,
  log,
  throughMax,
  ofLogits,
}) => {
  const flushed = flushes ? floor : 0;
  const rounded = unit * (Math.abs(row.logSumExp) + log + ofLogits);
  const allowed = (alone ? flushed : log + rounded + throughMax + flushed) + ofLogits;
  return () => allowed;
};
