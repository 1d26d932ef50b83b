/** Which rows of logSumExp are right although double precision does not know their gaps: those of large scores that are off before the row begins. */
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../../float32/constants.ts';
import { distanceToCell } from '../../formats/cell.ts';
import type { RowSpec } from '../operation.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/**
 * Whether the answer is right. With m^ within its bound, and L as what stands for it in [0, ln n], lse^ is within E = maxError + ln n + v |lse^| of lse. An answer to which
 * all of that rounds is right whatever the budget is; and where anything is added, u |lse| is a part of every budget, which is u (|lse^| - E) at least.
 */
export const glance: RowSpec['glance'] = (row, answer, { isRoundedLast, answer: format }, costsOf) => {
  if (!Number.isNaN(row.gapError)) return false;
  const [got, lse] = [answer[0], row.logSumExp];
  const size = Math.abs(lse);
  const error = row.maxError + Math.log(row.gaps.length) + v * size;
  const distance = isRoundedLast
    ? Math.max(...[lse - error, lse + error].map((x) => distanceToCell(x, got, format)))
    : Math.abs(got - lse) + error;
  if (distance === 0) return true;
  const { alone, unit } = costsOf();
  return !alone && distance <= (1 - 2 ** -20) * unit * (size - error);
};
