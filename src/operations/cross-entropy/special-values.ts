/** A row's loss where the reals have no answer. */
import { nanOnly, type SpecialAnswers } from '../special-values.ts';

const { NaN: NAN, POSITIVE_INFINITY } = Number;

/** See {@link LossSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  // lse - x_t of a finite target.
  'positive-infinity': { expected: NAN, tolerated: [POSITIVE_INFINITY] },
  // Minus the log-softmax of such a row. No library was found to call its loss 0.
  'all-masked': { expected: NAN, tolerated: [POSITIVE_INFINITY] },
};
