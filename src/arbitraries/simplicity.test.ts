import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { compareSimplicity } from './simplicity.ts';

describe('compareSimplicity', () => {
  it.each([
    { rule: 'finite logits', a: batchOf([[0.3], [1e30]]), b: batchOf([[Number.NEGATIVE_INFINITY]]) },
    { rule: 'fewer rows', a: batchOf([[1, 2, 3.7]]), b: batchOf([[0], [0]]) },
    { rule: 'fewer columns', a: batchOf([[0.3, 1e30]]), b: batchOf([[0, 0, 0]]) },
    { rule: 'fewer cells that are not 0', a: batchOf([[0, 0.3]]), b: batchOf([[1, 1]]) },
    { rule: 'fewer distinct values', a: batchOf([[88.5, 88.5]]), b: batchOf([[88, 89]]) },
    { rule: 'the most complex value', a: batchOf([[5, 6, 7]]), b: batchOf([[1, 2, 8]]) },
    { rule: 'fewer of the most complex value', a: batchOf([[1, 1, 8]]), b: batchOf([[1, 8, 8]]) },
    { rule: 'the next complex value', a: batchOf([[8, 2]]), b: batchOf([[3, 8]]) },
    { rule: 'simpler values first', a: batchOf([[0, 89]]), b: batchOf([[89, 0]]) },
    { rule: 'simpler rows first', a: batchOf([[0], [104]]), b: batchOf([[104], [0]]) },
    { rule: 'smaller targets', a: batchOf([[0, 1]], [0]), b: batchOf([[0, 1]], [1]) },
    {
      rule: 'smaller targets in the first rows',
      a: batchOf(
        [
          [0, 0],
          [0, 0],
        ],
        [0, 1],
      ),
      b: batchOf(
        [
          [0, 0],
          [0, 0],
        ],
        [1, 0],
      ),
    },
    { rule: '0 before -0', a: batchOf([[0]]), b: batchOf([[-0]]) },
  ])('should prefer $rule', ({ a, b }) => {
    expect(compareSimplicity(a, b)).toBeLessThan(0);
    expect(compareSimplicity(b, a)).toBeGreaterThan(0);
  });

  it('should count a value as gone only when no cell holds it any more', () => {
    expect(compareSimplicity(batchOf([[1, 1, 9]]), batchOf([[2, 1, 9]]))).toBeLessThan(0);
    expect(compareSimplicity(batchOf([[3, 2, 3]]), batchOf([[9, 9, 3]]))).toBeLessThan(0);
    expect(compareSimplicity(batchOf([[1, 2, 2]]), batchOf([[9, 9, 9]]))).toBeGreaterThan(0);
  });

  it('should take batches of the same contents for equal, NaN included', () => {
    expect(compareSimplicity(batchOf([[Number.NaN, -0]], [1]), batchOf([[Number.NaN, -0]], [1]))).toBe(0);
  });
});
