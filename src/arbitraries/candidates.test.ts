import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, createBatch } from '../core/batch.ts';
import { candidates } from './candidates.ts';
import { compareSimplicity } from './simplicity.ts';

function rowsOf({ rows, cols, logits }: Batch): number[][] {
  return Array.from({ length: rows }, (_, row) => [...logits.subarray(row * cols, (row + 1) * cols)]);
}

describe('candidates', () => {
  it('should begin with the extremes of the batch, alone', () => {
    const batch = batchOf([
      [3, -7.5, 2],
      [200, 1, 0],
    ]);
    expect([...candidates(batch)].slice(0, 3).map(rowsOf)).toEqual([[[0]], [[200]], [[-7.5]]]);
  });

  it('should have nothing simpler than a zero', () => {
    expect([...candidates(batchOf([[0]]))]).toEqual([]);
  });

  it('should offer strictly simpler batches only, all well formed', () => {
    const batch = batchOf(
      [
        [0, 88.7, Number.NEGATIVE_INFINITY, -0, 1e-40],
        [Number.NaN, 3e38, 1.5, 1.5, -104],
        [0, 0, 17, Number.POSITIVE_INFINITY, 0.1],
      ],
      [4, 2, 1],
    );
    const offered = [...candidates(batch)];
    expect(offered.length).toBeGreaterThan(100);
    for (const candidate of offered) {
      expect(compareSimplicity(candidate, batch)).toBeLessThan(0);
      expect(() =>
        createBatch(candidate.rows, candidate.cols, candidate.logits, candidate.targets),
      ).not.toThrow();
    }
  });

  it('should leave the batch as it is', () => {
    const batch = batchOf([[3, 1, 2]], [1]);
    for (const _ of candidates(batch));
    expect(batch).toEqual(batchOf([[3, 1, 2]], [1]));
  });

  it('should reach the single cells of a wide batch before 200 candidates', () => {
    const wide = createBatch(32, 512, new Float32Array(16384).fill(1).with(10_000, 89));
    const first = [...take(candidates(wide), 200)];
    expect(first.some(({ logits }) => logits.length === 1 && logits[0] === 89)).toBe(true);
  });

  it('should return the batch on which it ends when told what failed', () => {
    const search = candidates(batchOf([[100, 1, 95.5]]));
    let next = search.next();
    while (!next.done) next = search.next(next.value.logits.some((value) => value > 88.7));
    expect(rowsOf(next.value)).toEqual([[89]]);
  });
});

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}
