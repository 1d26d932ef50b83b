/** The loss's gradient in double precision. */

import { UNIT_ROUNDOFF_OF_DOUBLE } from '../../float32/constants.ts';
import { probabilityError } from '../../row/approximate-row.ts';
import { FARTHEST } from '../../row/row.ts';
import type { Reference } from '../operation.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** See {@link RowSpec}. */
export const approximate: Reference = {
  // The probability's bound, and two roundings: of 1/N and of the product.
  value: (row, i, { target, share }) => (i === target ? -row.othersOf(i) : row.probabilities[i]) * share,
  error: (row, i, value, { target, share }) => {
    const relative =
      i === target
        ? 3 * row.relativeError + Math.min(row.gaps[i], FARTHEST) * row.gapSlope
        : probabilityError(row, i);
    return Math.abs(value) * (relative + 2 * v) + row.absoluteError * share;
  },
};
