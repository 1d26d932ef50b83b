/**
 * Two families in one row.
 *
 * For: vector code whose body and tail differ (pytorch#62897, tt-metal#56074), padding that joins the row (iree#21433), and
 * blocks of an online softmax that meet only when they are merged.
 */
import type { Fill } from './fill.ts';

const vectors = [4, 8, 16, 32];

/** A row of two parts, each of one of `parts`, cut anywhere or where the last whole vector ends. */
export function spliced(parts: readonly Fill[]): Fill {
  return (random, row, grid) => {
    const width = random.pick(vectors);
    const cut = random.chance(0.5) ? row.length - (row.length % width) : random.below(row.length);
    if (cut > 0) random.pick(parts)(random, row.subarray(0, cut), grid);
    if (cut < row.length) random.pick(parts)(random, row.subarray(cut), grid);
  };
}
