/** Target classes. */
import type { Random } from '../core/random.ts';

/**
 * A class of the row: that of the max, that of the min (a masked class, if any), the first, the last or any.
 * The loss is near 0 at the max and largest at the min; the ends are where an index is off by one.
 */
export function drawTarget(random: Random, row: Float32Array): number {
  switch (random.below(5)) {
    case 0:
      return best(row, (a, b) => a > b);
    case 1:
      return best(row, (a, b) => a < b);
    case 2:
      return 0;
    case 3:
      return row.length - 1;
    default:
      return random.below(row.length);
  }
}

/** The first index whose logit no other is `better` than. */
function best(row: Float32Array, better: (a: number, b: number) => boolean): number {
  let found = 0;
  for (let i = 1; i < row.length; i++) if (better(row[i], row[found])) found = i;
  return found;
}
