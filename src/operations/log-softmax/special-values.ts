/** Log-softmax where the reals have no answer. */
import { nanOnly, type SpecialAnswers } from '../special-values.ts';

const { NaN: NAN, NEGATIVE_INFINITY } = Number;

/** See {@link RowSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  // The logarithm of softmax's limit, and x - lse of a finite x.
  'positive-infinity': { expected: NAN, tolerated: [NEGATIVE_INFINITY, 0] },
  // The logarithm of 0, as attention has softmax.
  'all-masked': { expected: NAN, tolerated: [NEGATIVE_INFINITY] },
};
