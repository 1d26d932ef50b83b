/** Of logSumExp: ln S, its addition to the maximum, and a flush of the answer itself. */
import { MIN_NORMAL, UNIT_ROUNDOFF } from '../../float32/constants.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] = ({ row, floor, alone, log, throughMax }) => {
  const flushed = floor >= MIN_NORMAL ? floor : 0;
  const rounded = UNIT_ROUNDOFF * (Math.abs(row.logSumExp) + log);
  const allowed = alone ? flushed : log + rounded + throughMax + flushed;
  return () => allowed;
};
