/** Of softmax: numerator, sum and division, as row/row-costs.ts derives. */
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const budget: RowSpec['budget'] =
  ({ probability }) =>
  (i, _inputs, isQuick) =>
    probability(i, isQuick);
