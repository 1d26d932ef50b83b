/** ignoreIndex: the target of rows that count for nothing: PyTorch's -100, the label of a mask's border, a class, or what is no index at all. */
import { UserError } from '../../text/errors.ts';
import { describe, type LossOption } from '../stage.ts';

/** See {@link LossOption}. */
export const ignoreIndex: LossOption<number> = {
  kind: 'loss',
  isReal: false,
  isScalable: false,
  feelsOffset: false,
  ordinary: () => -100,
  checked(value) {
    if (typeof value !== 'number')
      throw new UserError(`ignoreIndex is ${describe(value)}: expected an integer`);
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value + 0;
    throw new UserError(`ignoreIndex is ${value}: expected an integer of 32 bits`);
  },
  draw: (random, _rows, cols) =>
    random.pick([-100, -100, -1, 255, 0, cols - 1, cols, random.below(cols), 2 ** 31 - 1]),
  simpler: () => [-1, 0],
  hasCompany: true,
  tiny: () => [-1, 0],
  // The class that it is keeps its column; without one it is no class.
  select: (value, kept, cols) => (value >= 0 && value < cols ? kept.cols.indexOf(value) : value),
};
