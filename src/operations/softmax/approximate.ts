/** Softmax in double precision. */
import { probabilityError } from '../../row/approximate-row.ts';
import type { Reference } from '../operation.ts';

/** See {@link RowSpec}. */
export const approximate: Reference = {
  value: (row, i) => row.probabilities[i],
  error: (row, i, p) => p * probabilityError(row, i) + row.absoluteError,
};
