/** rowWeights: v_r, what the loss of row r is multiplied by. */
import { UserError } from '../../text/errors.ts';
import { checkedAmounts, type LossOption } from '../stage.ts';
import { simplerWeights } from '../values.ts';

/** See {@link LossOption}. */
export const rowWeights: LossOption<Float32Array> = {
  kind: 'loss',
  isReal: true,
  isScalable: true,
  feelsOffset: false,
  ordinary: (_cols, rows) => Float32Array.from({ length: rows }, (_, r) => 1 / (1 + r)),
  checked(value, rows) {
    const weights = checkedAmounts('rowWeights', value);
    if (weights.length === rows) return weights;
    throw new UserError(`rowWeights has ${weights.length} values for ${rows} rows: expected one a row`);
  },
  draw(random, rows) {
    const kind = random.below(5);
    const equal = random.pick([0.5, 2, 3, 1e-3, 1e4]);
    const draw = (): number => {
      if (kind === 0) return equal;
      if (kind === 1) return Number(!random.chance(0.4)); // A mask of losses.
      if (kind === 2) return 2 ** (random.below(27) - 13);
      return kind === 3 ? random.pick([0, 1, 2, 0.25]) : 3 * random.unit();
    };
    return new Float32Array(rows).map(draw);
  },
  simpler: simplerWeights,
  tiny: (rows) =>
    (rows === 1
      ? [[2], [0]]
      : [
          [1, 2],
          [1, 0],
          [0, 1],
          [2, 1],
        ]
    ).map((each) => Float32Array.from(each)),
  select: (weights, { rows }) => Float32Array.from(rows, (row) => weights[row]),
};
