/** logSoftmaxGrad where the reals have no answer. */
import { nanOnly, type SpecialAnswers } from '../special-values.ts';

/** See {@link RowSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  // g - p sum g, where p is 0.
  'positive-infinity': {
    expected: Number.NaN,
    tolerated: ({ infinite, upstream }) => (infinite === 'no' && upstream !== null ? [upstream] : []),
  },
  'all-masked': nanOnly,
};
