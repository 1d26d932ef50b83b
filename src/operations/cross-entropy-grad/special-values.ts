/** The loss's gradient where the reals have no answer. */
import { nanOnly, type SpecialAnswers } from '../special-values.ts';

/** See {@link RowSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  'positive-infinity': nanOnly,
  // A row without any class passes no gradient on (the backward pass of _safe_softmax).
  'all-masked': { expected: Number.NaN, tolerated: [0] },
};
