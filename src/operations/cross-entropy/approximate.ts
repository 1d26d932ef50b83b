import { UNIT_ROUNDOFF_OF_DOUBLE } from '../../float32/constants.ts';
import type { LossSpec } from '../operation.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** The mean of d_t + L over the rows, and the bound of its error: each loss as in logSoftmax, N - 1 additions, a division. */
export const approximate: LossSpec['approximate'] = (rows, targets) => {
  let losses = 0;
  let error = 0;
  for (let r = 0; r < rows.length; r++) {
    const loss = rows[r].gaps[targets[r]] + rows[r].logSum;
    losses += loss;
    if (loss !== 0) error += (rows[r].gapSlope + v) * loss + rows[r].logSumError + rows[r].gapError;
  }
  const value = losses / rows.length;
  return { value, error: error / rows.length + (rows.length + 1) * v * value };
};
