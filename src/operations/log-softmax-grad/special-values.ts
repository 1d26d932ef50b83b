/** logSoftmaxGrad where the reals have no answer. */
import { nanOnly, type SpecialAnswers } from '../special-values.ts';

/** See {@link RowSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  'positive-infinity': nanOnly,
  'all-masked': nanOnly,
};
