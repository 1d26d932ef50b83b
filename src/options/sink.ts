/** sink: one more logit of each row, in its maximum and in its sum, that has no answer. It is exact. -Infinity is none. */
import { UserError } from '../core/errors.ts';
import { checkedLogits, describe, isNumbers, type Joining } from './stage.ts';

/** See {@link Joining}. */
export const sink: Joining<number | Float32Array> = {
  joins: true,
  checked(value, rows) {
    if (typeof value === 'number') return checkedLogits('sink', [value])[0];
    if (!isNumbers(value)) throw new UserError(`sink is ${describe(value)}: expected a number, or one a row`);
    if (value.length !== rows)
      throw new UserError(
        `sink has ${value.length} values for ${rows} rows: expected one number, or one a row`,
      );
    return checkedLogits('sink', value);
  },
  neutral: Number.NEGATIVE_INFINITY,
  logit: (value, r) => (typeof value === 'number' ? value : value[r]),
};
