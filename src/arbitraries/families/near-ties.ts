/**
 * Neighboring floats at the max.
 *
 * For: max loops that compare rounded, reinterpreted or truncated values (integer tricks on the words fail for negatives),
 * argmax by tolerance, and exps that are wrong next to 0.
 */
import { toGrid } from '../../core/grid.ts';
import type { Random } from '../../core/random.ts';
import type { Format } from '../../formats/format.ts';
import { level, magnitude } from '../draw.ts';

const shares = [1, 0.25];

/** The max and others 0 to 3 places below it, alone or above lower logits. */
export function nearTies(random: Random, row: Float32Array, grid: Format): void {
  const top = toGrid(level(random, grid), grid);
  const ordinal = grid.toOrdinal(top);
  const share = random.pick(shares);
  for (let i = 0; i < row.length; i++) {
    row[i] = random.chance(share)
      ? grid.fromOrdinal(ordinal - random.below(4))
      : top - magnitude(random, 0, 7);
  }
  row[random.below(row.length)] = top;
}
