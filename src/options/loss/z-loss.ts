/** zLoss: a, of a lse^2, which is added to the loss of each row that is not ignored. */
import { UserError } from '../../text/errors.ts';
import { checkedNumber, type LossOption } from '../stage.ts';

/** See {@link LossOption}. */
export const zLoss: LossOption<number> = {
  kind: 'loss',
  isReal: true,
  isScalable: true,
  feelsOffset: true,
  ordinary: () => Math.fround(1e-4),
  checked(value) {
    const number = checkedNumber('zLoss', value);
    if (number >= 0) return number;
    throw new UserError(`zLoss is ${value}: expected a number of at least 0`);
  },
  draw: (random) => Math.fround(random.pick([1e-4, 1e-4, 1e-2, 0.5, 1, 3])),
  simpler: () => [1, 0.5, 2, 0.25],
  tiny: () => [1],
  select: (value) => value,
};
