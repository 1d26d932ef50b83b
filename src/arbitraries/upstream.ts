/**
 * Upstream gradients, what a vector-Jacobian product multiplies by. Each kind is for a fault of real backward passes:
 *
 * - `unit`: one class of a row, what a loss passes on. A formula for a one-hot gradient is right here alone.
 * - `ones`: a softmax passes nothing on, and a log-softmax 1 - n p.
 * - `zeros`: nothing may come of nothing.
 * - `bell`, `bits`: every value counts, in ordinary and in all sizes.
 * - `huge`: beyond 2^60, up to 2^100, so that a product of two overflows and no sum of values does.
 * - `few`: small integers, with ties and sums of exactly 0.
 * - `alternating`: signs that a sum cancels.
 *
 * Half of the batches have one kind in all rows; half give each row a scale of its own, a power of two: a kernel that takes
 * the first row's values for all is right where rows are alike.
 */
import type { Random } from '../core/random.ts';
import { bell, eitherSign, magnitude } from './draw.ts';

/** Fills one row of upstream values with finite FP32 values. */
type FillUpstream = (random: Random, row: Float32Array) => void;

const kinds: readonly FillUpstream[] = [
  function unit(random, row) {
    row[random.below(row.length)] = eitherSign(random, 1);
  },
  function ones(_random, row) {
    row.fill(1);
  },
  function zeros() {},
  each((random) => bell(random)),
  each((random) => eitherSign(random, magnitude(random, -40, 20))),
  each((random) => eitherSign(random, magnitude(random, 60, 99))),
  each((random) => random.below(5) - 2),
  function alternating(random, row) {
    const size = random.chance(0.5) ? 1 : magnitude(random, -10, 10);
    for (let i = 0; i < row.length; i++) row[i] = i % 2 === 0 ? size : -size;
  },
];

function each(draw: (random: Random) => number): FillUpstream {
  return (random, row) => {
    for (let i = 0; i < row.length; i++) row[i] = draw(random);
  };
}

/** Upstream values for `rows` rows of `cols` logits, of magnitude up to 2^110. */
export function drawUpstream(random: Random, rows: number, cols: number): Float32Array {
  const upstream = new Float32Array(rows * cols);
  const only = random.chance(0.5) ? random.pick(kinds) : undefined;
  const isScaled = random.chance(0.5);
  for (let r = 0; r < rows; r++) {
    const row = upstream.subarray(r * cols, (r + 1) * cols);
    (only ?? random.pick(kinds))(random, row);
    const scale = isScaled ? 2 ** (random.below(21) - 10) : 1;
    for (let i = 0; i < cols; i++) row[i] *= scale;
  }
  return upstream;
}
