/** logSoftmaxGrad in double precision. */
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../../float32/constants.ts';
import { probabilityError } from '../../row/approximate-row.ts';
import type { Reference } from '../operation.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** See {@link RowSpec}. */
export const approximate: Reference = {
  value: (row, i, { upstream }) =>
    upstream === null ? Number.NaN : upstream.values[i] - row.probabilities[i] * upstream.total,
  error: (row, i, value, { upstream }) => {
    if (upstream === null) return Number.NaN;
    const p = row.probabilities[i];
    const total = Math.abs(upstream.total);
    const ofP = p * (probabilityError(row, i) + v) + row.absoluteError;
    const ofProduct = total * ofP + (p + row.absoluteError) * upstream.totalError;
    return ofProduct === 0 ? 0 : (1 + 2 ** -20) * (ofProduct + v * Math.abs(value));
  },
};
