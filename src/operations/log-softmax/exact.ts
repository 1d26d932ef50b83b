/** -(d_i + L), exactly. */
import { enclosed } from '../enclose.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const exact: RowSpec['exact'] = ({ evaluation }, i) =>
  enclosed(evaluation, ({ terms, logSum, logSumError, gapError }) => {
    return { value: terms[i].gap.plus(logSum).neg(), error: logSumError.plus(gapError) };
  });
