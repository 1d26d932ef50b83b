/** Of log-softmax: ln S, the gap and their sum, and what comes through the maximum; nothing for the only finite logit. */
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] =
  ({ alone, throughMax, logProbability }) =>
  (i) =>
    alone ? 0 : logProbability(i) + throughMax;
