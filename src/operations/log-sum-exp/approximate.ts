/** logSumExp in double precision. */
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../../float32/constants.ts';
import type { Reference } from '../operation.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** See {@link RowSpec}. */
export const approximate: Reference = {
  // The maximum's bound, L's and the addition's v; exact where L is 0 but for the maximum's.
  value: (row) => row.logSumExp,
  error: (row, _i, value) => row.maxError + (row.logSum === 0 ? 0 : row.logSumError + v * Math.abs(value)),
};
