/** softmaxGrad where the reals have no answer. */
import { limits, nanOnly, type SpecialAnswers } from '../special-values.ts';

/** See {@link RowSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  // p (g - sum g p), where p is 0, or 1 and the sum g.
  'positive-infinity': limits(0, 0),
  'all-masked': { expected: Number.NaN, tolerated: () => [0] },
};
