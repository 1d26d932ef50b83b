import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeOf, unite } from './ranges.ts';
import { BLOCK_SIZE, blocksOf, runsOf, whole } from './shard.ts';

describe('blocksOf', () => {
  it('should give every generated case to one shard, in blocks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(20 * BLOCK_SIZE), (count, runs) => {
        const shards = Array.from({ length: count }, (_, k) => [...blocksOf({ index: k + 1, count }, runs)]);
        expect(shards.map(sizeOf)).toEqual(shards.map((_, k) => runsOf({ index: k + 1, count }, runs)));
        expect(sizeOf(shards.flat())).toBe(runs);
        expect(shards.flat().reduce((union, block) => unite(union, [block]), unite([], []))).toEqual(
          runs === 0 ? [] : [[0, runs]],
        );
        for (const [k, shard] of shards.entries())
          for (const [from] of shard) expect((from / BLOCK_SIZE) % count).toBe(k);
      }),
      { seed: 1 },
    );
  });

  it('should go on without end where nothing limits the runs', () => {
    const blocks = blocksOf({ index: 2, count: 3 }, Number.POSITIVE_INFINITY);
    expect([blocks.next().value, blocks.next().value]).toEqual([
      [1000, 2000],
      [4000, 5000],
    ]);
    expect(runsOf(whole, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });
});
