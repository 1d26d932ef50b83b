/** sink: one more logit of each row, in its maximum and in its sum, that has no answer. It is exact. -Infinity is none. */
import { UserError } from '../text/errors.ts';
import { checkedLogits, describe, isNumbers, type Joining } from './stage.ts';
import { magnitude, withOneCell, withTwoSwapped } from './values.ts';

/** That of softmax1, beside usual logits, far above and far below them, and none. */
const usual = [0, 0, 0, 20, 88, 89, 120, -100, Number.NEGATIVE_INFINITY];

/** See {@link Joining}. */
export const sink: Joining<number | Float32Array> = {
  kind: 'joining',
  isReal: true,
  isScalable: true,
  feelsOffset: true,
  ordinary: () => 0,
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
  draw(random, rows) {
    const one = (): number =>
      random.chance(0.75) ? random.pick(usual) : Math.fround(200 * (random.unit() - 0.5));
    return random.chance(0.5) ? one() : new Float32Array(rows).map(one);
  },
  *simpler(value) {
    yield* [0, 1, -1, 89, 100, -100];
    if (typeof value === 'number') yield Math.round(value);
    else {
      yield* value;
      yield* withOneCell(value, () => 0);
      yield* withOneCell(value, Math.round);
      yield* withOneCell(value, Math.sign);
      yield* withOneCell(value, magnitude);
      yield* withTwoSwapped(value);
    }
  },
  tiny: () => [0, 1],
  select: (value, { rows }) =>
    typeof value === 'number' ? value : Float32Array.from(rows, (row) => value[row]),
  logit: (value, r) => (typeof value === 'number' ? value : value[r]),
};
