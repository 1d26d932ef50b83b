/** classWeights: w_j, what a loss with this target is multiplied by. */
import { UserError } from '../../text/errors.ts';
import { checkedAmounts, type LossOption } from '../stage.ts';
import { columnsOf, simplerWeights, tinyCells } from '../values.ts';

/** See {@link LossOption}. */
export const classWeights: LossOption<Float32Array> = {
  kind: 'loss',
  isReal: true,
  isScalable: true,
  feelsOffset: false,
  ordinary: (cols) => Float32Array.from({ length: cols }, (_, col) => 1 / (1 + col)),
  checked(value, _rows, cols) {
    const weights = checkedAmounts('classWeights', value);
    if (weights.length === cols) return weights;
    throw new UserError(
      `classWeights has ${weights.length} values for ${cols} classes: expected one a class`,
    );
  },
  draw(random, _rows, cols) {
    const kind = random.below(6);
    const equal = random.pick([0.5, 2, 3, 1e-3, 1e4]);
    const heaviest = random.below(cols);
    const heavy = random.pick([100, 2 ** 24, 2 ** 60]);
    const draw = (k: number): number => {
      if (kind === 0) return equal;
      if (kind === 1) return Number(!random.chance(0.3)); // Some classes count, others do not.
      if (kind === 2) return 2 ** (random.below(27) - 13);
      if (kind === 3) return 1 / (1 + k); // Frequent classes first, and less of them.
      if (kind === 4) return k === heaviest ? heavy : 1;
      return 3 * random.unit();
    };
    return new Float32Array(cols).map((_, k) => draw(k));
  },
  simpler: simplerWeights,
  tiny: () =>
    tinyCells(1, [1, 2], [2, 1], [1, 0], [0, 1], [1, 3], [3, 1]).map((cells) => Float32Array.from(cells)),
  select: (weights, { cols }) => columnsOf(weights, cols),
};
