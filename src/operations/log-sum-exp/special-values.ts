/** logSumExp where the reals have no answer. */
import { nanOnly, type SpecialAnswers } from '../special-values.ts';

const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;

/** See {@link RowSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  // No question: PyTorch and JAX return the infinite maximum.
  'positive-infinity': { expected: POSITIVE_INFINITY, tolerated: () => [] },
  // ln of an empty sum. PyTorch and JAX mask the infinite maximum to 0 for it.
  'all-masked': { expected: NEGATIVE_INFINITY, tolerated: () => [] },
};
