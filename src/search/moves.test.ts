import { describe, expect, it } from 'vitest';
import { batchOf, createBatch } from '../core/batch.ts';
import { createRandom } from '../core/random.ts';
import { neighbor, peakOf, withColumns } from './moves.ts';

const masked = Number.NEGATIVE_INFINITY;
const starts = [
  batchOf([[0]]),
  batchOf([[0, masked]], [1]),
  batchOf([
    [1, 2, 3],
    [masked, 3.4e38, -3.4e38],
  ]),
];

describe('neighbor', () => {
  it.each(starts.map((start) => [start]))('should keep a batch well-formed, however often: %o', (start) => {
    const random = createRandom([1, 2, 3, 4]);
    let batch = start;
    for (let k = 0; k < 500; k++) {
      const focus = { row: batch.rows - 1, col: random.below(batch.cols) };
      batch = neighbor(random, batch, focus, true);
      createBatch(batch.rows, batch.cols, batch.logits, batch.targets);
      expect(batch.logits.every((x) => x < Number.POSITIVE_INFINITY)).toBe(true);
      for (let r = 0; r < batch.rows; r++)
        expect(batch.logits.subarray(r * batch.cols, (r + 1) * batch.cols).some(Number.isFinite)).toBe(true);
      expect(batch.cols).toBeLessThanOrEqual(128);
    }
    expect(batch).not.toEqual(start);
  });

  it('should keep the shape where it is fixed, and leave the batch it starts from alone', () => {
    const [, , start] = starts;
    const before = structuredClone(start);
    const random = createRandom([5, 6, 7, 8]);
    for (let k = 0; k < 200; k++) {
      const { rows, cols } = neighbor(random, start, { row: 0, col: 1 }, false);
      expect([rows, cols]).toEqual([2, 3]);
    }
    expect(start).toEqual(before);
  });

  it('should leave a row alone that nothing can be done to without breaking it', () => {
    const random = createRandom([1, 1, 1, 1]);
    for (let k = 0; k < 200; k++) {
      const { logits } = neighbor(random, batchOf([[masked]]), { row: 0, col: 0 }, false);
      expect(logits[0]).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });
});

describe('withColumns', () => {
  it('should keep these columns in this order, and a target where it goes', () => {
    const batch = batchOf(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [2, 1],
    );
    expect(withColumns(batch, [2, 0, 2])).toEqual(
      batchOf(
        [
          [3, 1, 3],
          [6, 4, 6],
        ],
        [0, 0],
      ),
    );
  });
});

describe('peakOf', () => {
  it('should be the first of the largest', () => {
    expect(peakOf(Float32Array.of(masked, 1, 3, 3))).toBe(2);
    expect(peakOf(Float32Array.of(masked))).toBe(0);
  });
});
