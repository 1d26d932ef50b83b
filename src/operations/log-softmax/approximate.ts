/** Log-softmax in double precision. */
import type { Reference } from '../operation.ts';

const v = 2 ** -53;

/** See {@link RowSpec}. */
export const approximate: Reference = {
  // d costs its bound, v of FP32 logits, L its own, the addition v.
  value: (row, i) => -(row.gaps[i] + row.logSum),
  // 0 only of a logit that is alone, and its own maximum.
  error: (row, _i, value) => (value === 0 ? 0 : (row.gapSlope + v) * -value + row.logSumError + row.gapError),
};
