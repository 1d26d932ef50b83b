/** upstream: what the gradient of the loss is multiplied by: one number, or where the rows' losses are left as they are one a row. */
import { UserError } from '../../text/errors.ts';
import { checkedNumber, describe, isNumbers, type LossOption } from '../stage.ts';
import { withOneCell, withTwoSwapped } from '../values.ts';

/** A loss scale, shares of an accumulated batch, and what a mask leaves. */
const usual = [1, 2, 0.5, -1, 3, 1 / 3, 1024, 65536, 2 ** -20, 0];

/** See {@link LossOption}. */
export const upstream: LossOption<number | Float32Array> = {
  kind: 'loss',
  isReal: true,
  isScalable: true,
  feelsOffset: false,
  ordinary: () => 2,
  checked(value, rows) {
    if (typeof value === 'number') return checkedNumber('upstream', value);
    if (!isNumbers(value))
      throw new UserError(`upstream is ${describe(value)}: expected a number, or one a row`);
    if (value.length !== rows)
      throw new UserError(
        `upstream has ${value.length} values for ${rows} rows: expected one number, or one a row`,
      );
    return Float32Array.from(value, (each) => checkedNumber('upstream', each));
  },
  draw(random, rows) {
    const one = (): number =>
      Math.fround(random.chance(0.75) ? random.pick(usual) : 4 * (random.unit() - 0.5));
    // Where the rows' losses are not left as they are, the first is taken.
    return random.chance(0.25) ? one() : new Float32Array(rows).map(one);
  },
  *simpler(value) {
    yield* [2, -1, 0.5, 0];
    if (typeof value === 'number') yield Math.round(value);
    else {
      yield* value;
      for (const simple of [1, 2, 0]) yield* withOneCell(value, () => simple);
      yield* withOneCell(value, Math.round);
      yield* withTwoSwapped(value);
    }
  },
  tiny: () => [2, 0, -1],
  select: (value, { rows }) =>
    typeof value === 'number' ? value : Float32Array.from(rows, (row) => value[row]),
};
