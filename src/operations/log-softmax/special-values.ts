/** Log-softmax where the reals have no answer. */
import { limits, nanOnly, type SpecialAnswers } from '../special-values.ts';

/** See {@link RowSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  // The logarithm of softmax's limit, and x - lse of a finite x.
  'positive-infinity': limits(Number.NEGATIVE_INFINITY, 0),
  // The logarithm of 0, as attention has softmax.
  'all-masked': { expected: Number.NaN, tolerated: () => [Number.NEGATIVE_INFINITY] },
};
