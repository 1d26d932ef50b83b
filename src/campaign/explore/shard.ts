/**
 * The blocks that a campaign is given out in. A block is {@link BLOCK_SIZE} consecutive generated cases; the given cases
 * (the article's, the saved ones) have negative numbers and come first. Shard i of n has the blocks b with b mod n = i - 1, and
 * the first shard has the given cases: together the shards have every case once.
 */
import type { Range } from './ranges.ts';

/** Generated cases of a block: enough that handing it out costs nothing, few enough that no worker waits long for another. */
export const BLOCK_SIZE = 1000;

/** How many cases are generated where nothing limits them. */
export const DEFAULT_RUNS = 20_000;

/** One of `count` parts of a campaign; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** A campaign that is not split. */
export const whole: Shard = { index: 1, count: 1 };

/** The shard's blocks of a campaign of `runs` generated cases, in order; without end where `runs` is infinite. */
export function* blocksOf({ index, count }: Shard, runs: number): Generator<Range> {
  for (let from = (index - 1) * BLOCK_SIZE; from < runs; from += count * BLOCK_SIZE) {
    yield [from, Math.min(from + BLOCK_SIZE, runs)];
  }
}

/** How many generated cases the shard has. */
export function runsOf({ index, count }: Shard, runs: number): number {
  if (!Number.isFinite(runs)) return runs;
  const blocks = Math.floor(runs / BLOCK_SIZE);
  const full = Math.floor((blocks + count - index) / count);
  return full * BLOCK_SIZE + (blocks % count === index - 1 ? runs % BLOCK_SIZE : 0);
}
