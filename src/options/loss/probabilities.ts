/** probabilities: t_j of each row, in place of its target. They need not add up to 1. */

import type { Random } from '../../core/random.ts';
import { UserError } from '../../text/errors.ts';
import { checkedAmounts, type LossOption } from '../stage.ts';
import { selectedCells, tinyCells, withOneCell } from '../values.ts';

/** See {@link LossOption}. */
export const probabilities: LossOption<Float32Array> = {
  kind: 'loss',
  isReal: true,
  isScalable: true,
  feelsOffset: true,
  ordinary: null,
  checked(value, rows, cols) {
    const given = checkedAmounts('probabilities', value);
    if (given.length === rows * cols) return given;
    throw new UserError(
      `probabilities has ${given.length} values for ${rows} x ${cols} logits: expected one a logit`,
    );
  },
  draw(random, rows, cols) {
    const drawn = new Float32Array(rows * cols);
    for (let r = 0; r < rows; r++) fill(random, drawn.subarray(r * cols, (r + 1) * cols));
    return drawn;
  },
  *simpler(values) {
    yield new Float32Array(values.length).fill(1);
    yield values.map(Math.sign);
    // All on one class.
    yield new Float32Array(values.length).fill(
      values.reduce((sum, each) => sum + each, 0),
      values.length - 1,
    );
    for (const simple of [0, 1, 0.5]) yield* withOneCell(values, () => simple);
  },
  tiny: (rows) => tinyCells(rows, [0, 1], [1, 0], [0, 2], [1, 1]).map((cells) => Float32Array.from(cells)),
  select: selectedCells,
};

/** One class, or what has zeros, is equal, tiny, a count of votes, or any; of some rows the sum is not 1. */
function fill(random: Random, row: Float32Array): void {
  const n = row.length;
  const kind = random.below(7);
  if (kind === 0) row[random.below(n)] = 1;
  else if (kind === 1) row.fill(1 / n);
  else if (kind === 2) row.fill(1);
  else if (kind === 3) {
    for (let i = 0; i < n; i++) row[i] = random.chance(0.5) ? 0 : random.pick([1, 0.5, 2 ** -140, 1e-30]);
  } else if (kind === 4) {
    for (let i = 0; i < n; i++) row[i] = random.below(4);
  } else {
    for (let i = 0; i < n; i++) row[i] = random.unit() ** 3;
    const sum = kind === 5 ? row.reduce((total, each) => total + each, 0) : 1;
    if (sum > 0) for (let i = 0; i < n; i++) row[i] /= sum;
  }
}
