/** logSumExp in double precision. */
import type { Reference } from '../operation.ts';

const v = 2 ** -53;

/** See {@link RowSpec}. */
export const approximate: Reference = {
  // The maximum's bound, L's and the addition's v; exact where L is 0 but for the maximum's.
  value: (row) => row.logSumExp,
  error: (row, _i, value) => row.gapError + (row.logSum === 0 ? 0 : row.logSumError + v * Math.abs(value)),
};
