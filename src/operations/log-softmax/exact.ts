/** -(d_i + L), exactly. */
import { ZERO } from '../../row/decimal.ts';
import { enclosed } from '../enclose.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const exact: RowSpec['exact'] = ({ evaluation }, i) =>
  enclosed(evaluation, ({ terms, logSum, logSumError, gapError }) => {
    const value = terms[i].gap.plus(logSum).neg();
    // 0 only of a logit that is alone, and its own maximum.
    return { value, error: value.isZero() ? ZERO : logSumError.plus(gapError) };
  });
