/** A row's loss where the reals have no answer. */
import { limits, nanOnly, type SpecialAnswers } from '../special-values.ts';

/** See {@link LossSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  // Minus the log-softmax of such a row: lse - x_t of a finite target.
  'positive-infinity': limits(Number.POSITIVE_INFINITY, 0),
  // Minus the log-softmax of such a row. No library was found to call its loss 0.
  'all-masked': { expected: Number.NaN, tolerated: () => [Number.POSITIVE_INFINITY] },
};
