/** Of logSumExp: ln S, its addition to the maximum, and a flush of the answer itself. */
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] = ({ row, unit, flushes, floor, alone, log, throughMax }) => {
  const flushed = flushes ? floor : 0;
  const rounded = unit * (Math.abs(row.logSumExp) + log);
  const allowed = alone ? flushed : log + rounded + throughMax + flushed;
  return () => allowed;
};
