/** Log-softmax in double precision. */
import type { Reference } from '../operation.ts';

const v = 2 ** -53;

/** See {@link RowSpec}. */
export const approximate: Reference = {
  // d costs its bound, v of FP32 logits, L its own, the addition v.
  value: (row, i) => -(row.gaps[i] + row.logSum),
  error: (row, _i, value) => (row.gapSlope + v) * -value + row.logSumError + row.gapError,
};
