/** The mean over the rows of d_t + L, exactly: no term is negative, and their sum is exact. */
import { Wide, ZERO } from '../../row/decimal.ts';
import { refineAll, settle } from '../../row/ziv.ts';
import type { LossSpec } from '../operation.ts';

/** See {@link LossSpec}. */
export const exact: LossSpec['exact'] = (all, targets) => {
  const rows = all.flatMap(({ evaluation }) => evaluation ?? []);
  if (rows.length < all.length) return { value: new Wide(Number.NaN), rounded: Number.NaN };
  return settle(
    () => {
      let value = ZERO;
      let error = ZERO;
      for (const [r, { current }] of rows.entries()) {
        const { terms, logSum, logSumError, gapError } = current();
        const loss = terms[targets[r]].gap.plus(logSum);
        value = value.plus(loss);
        if (!loss.isZero()) error = error.plus(logSumError).plus(gapError);
      }
      return { value: value.div(rows.length), error: error.div(rows.length) };
    },
    () => refineAll(rows),
  );
};
