/** softmaxGrad in double precision. */
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../../float32/constants.ts';
import { probabilityError } from '../../row/approximate-row.ts';
import type { RowUpstream } from '../../row/upstream.ts';
import type { Reference } from '../operation.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** g_i - sum_j p_j g_j. */
function factorOf(i: number, { values, origin, rest }: RowUpstream): number {
  return values[i] - origin - rest;
}

/** See {@link RowSpec}. */
export const approximate: Reference = {
  value: (row, i, { upstream }) =>
    upstream === null ? Number.NaN : row.probabilities[i] * factorOf(i, upstream),
  error: (row, i, value, { upstream }) => {
    if (upstream === null) return Number.NaN;
    const p = row.probabilities[i];
    const factor = Math.abs(factorOf(i, upstream));
    const ofFactor = v * Math.abs(upstream.values[i] - upstream.origin) + upstream.restError + v * factor;
    const ofP = p * probabilityError(row, i) + row.absoluteError;
    return (1 + 2 ** -20) * (factor * ofP + (p + row.absoluteError) * ofFactor + v * Math.abs(value));
  },
};
