import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import { fromOrdinal, toOrdinal } from '../float32/ordinal.ts';
import { stable } from '../kernels/stable.ts';
import { approximateRows } from '../oracle/approximation.ts';
import { closenessOf, hasProbabilities, outlierOf, type ProbabilityOperation } from './closeness.ts';
import { defaultProfile } from './profile.ts';

const batch = batchOf(
  [
    [0, -1, -2, -3],
    [5, 4, 4.5, 4.75],
  ],
  [1, 1],
);

/** The answer of a right kernel, number `k` of it moved by so many places. */
function moved(operation: ProbabilityOperation, k: number, places: number, of: Batch = batch): Float32Array {
  const answer = stable.softmax(of.logits, of.rows, of.cols);
  if (operation === 'crossEntropyGrad') {
    for (const [r, target] of of.targets.entries()) answer[r * of.cols + target] -= 1;
    for (let i = 0; i < answer.length; i++) answer[i] /= of.rows;
  }
  answer[k] = fromOrdinal(toOrdinal(answer[k]) + places);
  return answer;
}

const outlier = (operation: ProbabilityOperation, output: Float32Array, of: Batch = batch) =>
  outlierOf(operation, of, approximateRows(of), output, defaultProfile, 0.5);

describe('hasProbabilities', () => {
  it('should tell the operations that answer a probability for each logit', () => {
    expect(hasProbabilities('softmax')).toBe(true);
    expect(hasProbabilities('crossEntropyGrad')).toBe(true);
    expect(hasProbabilities('logSoftmax')).toBe(false);
  });
});

describe('outlierOf', () => {
  it.each([
    ['softmax', 2],
    ['softmax', 7],
    ['crossEntropyGrad', 2],
    ['crossEntropyGrad', 7],
  ] as const)('should find the one number of %s that is off: %i', (operation, k) => {
    expect(outlier(operation, moved(operation, k, 0))).toBeNull();
    const { row, col, excess } = outlier(operation, moved(operation, k, 6)) ?? {};
    expect([row, col]).toEqual([Math.floor(k / 4), k % 4]);
    expect(excess).toBeGreaterThan(0.5);
  });

  it('should not take for one what a whole row is off by', () => {
    const answer = moved('softmax', 0, 0).map((p, k) => (k < 4 ? p * (1 + 2 ** -18) : p));
    expect(outlier('softmax', answer)).toBeNull();
  });

  it('should pass over rows without a maximum, masked logits and the target of a gradient', () => {
    const { NEGATIVE_INFINITY: masked } = Number;
    const special = batchOf([
      [masked, masked],
      [masked, 0],
    ]);
    expect(outlier('softmax', moved('softmax', 0, 0, special), special)).toBeNull();
    const single = batchOf([[0, -1]], [1]);
    expect(outlier('crossEntropyGrad', moved('crossEntropyGrad', 1, 9, single), single)).toBeNull();
  });
});

describe('closenessOf', () => {
  it('should be the largest error over its budget, and point at the outlier', () => {
    const close = (places: number) =>
      closenessOf('softmax', batch, approximateRows(batch), moved('softmax', 6, places), defaultProfile);
    expect(close(6)).toMatchObject({ row: 1, col: 2 });
    expect(close(6).budgetUse).toBeGreaterThan(0.5);
    expect(close(6).budgetUse).toBeLessThan(close(7).budgetUse);
    expect(close(0).budgetUse).toBeLessThan(0.3);
  });

  it('should be nothing where every row is special', () => {
    const special = batchOf([[Number.NEGATIVE_INFINITY]]);
    expect(
      closenessOf('softmax', special, approximateRows(special), Float32Array.of(Number.NaN), defaultProfile),
    ).toEqual({ budgetUse: 0, row: 0, col: 0 });
  });
});
