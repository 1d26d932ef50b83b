/** Log-softmax in double precision. */
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../../float32/constants.ts';
import type { Reference } from '../operation.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** See {@link RowSpec}. */
export const approximate: Reference = {
  // d costs its bound, v of FP32 logits, L its own, the addition v.
  value: (row, i) => -(row.gaps[i] + row.logSum),
  // 0 only of a logit that is alone, and its own maximum.
  error: (row, _i, value) => (value === 0 ? 0 : (row.gapSlope + v) * -value + row.logSumError + row.gapError),
};
