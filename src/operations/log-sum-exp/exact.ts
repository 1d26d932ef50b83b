/** m + L, exactly. */
import { enclosed } from '../enclose.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const exact: RowSpec['exact'] = ({ evaluation }) =>
  enclosed(evaluation, ({ max, logSum, logSumError, gapError }) => {
    return { value: max.plus(logSum), error: logSumError.plus(gapError) };
  });
