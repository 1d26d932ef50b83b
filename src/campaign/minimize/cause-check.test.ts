import { describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { triggerOf } from '../../core/trigger.ts';
import { variantsWithoutTrigger } from './cause-check.ts';

const MASK = Number.NEGATIVE_INFINITY;
const ordinary = (rows: number[][], targets?: number[]) =>
  [...variantsWithoutTrigger(batchOf(rows, targets))].filter(
    ({ logits }) => triggerOf(logits) === 'ordinary',
  );

describe('variantsWithoutTrigger', () => {
  it('should offer an ordinary variant of every row with a finite maximum', () => {
    for (const row of [
      [89, 89],
      [-104, -200],
      [0, -90],
      [1000, 1, -1000],
      [88.5, 88.5],
      [MASK, 0],
    ]) {
      expect(ordinary([row], [1])).not.toEqual([]);
    }
  });

  it('should keep differences while it shifts', () => {
    const maxima = [...variantsWithoutTrigger(batchOf([[1000, 999]]))].map(({ logits }) => [...logits]);
    expect(maxima).toContainEqual([0, -1]);
    expect(maxima).toContainEqual([40, 39]);
    expect(maxima).toContainEqual([-40, -41]);
    expect(maxima).toContainEqual([80, 79]);
    expect(maxima).toContainEqual([-70, -71]);
  });

  it('should move an offset to where exp still overflows, or underflows, on its side, and only an offset', () => {
    const triggers = (...row: number[]) =>
      new Set([...variantsWithoutTrigger(batchOf([row]))].map(({ logits }) => triggerOf(logits)));
    expect(triggers(1000, 999)).toEqual(new Set(['high-offset', 'ordinary', 'exp-overflow']));
    expect(triggers(-1000, -999)).toEqual(new Set(['low-offset', 'ordinary', 'exp-underflow']));
    expect(triggers(100, 99)).toEqual(new Set(['exp-overflow', 'ordinary']));
  });

  it('should leave masked logits out of a single row, unless one is the target', () => {
    expect([...variantsWithoutTrigger(batchOf([[MASK, 3, MASK]], [1]))][0]).toEqual(batchOf([[3]], [0]));
    expect([...variantsWithoutTrigger(batchOf([[MASK, 3]], [0]))][0]).toEqual(batchOf([[0, 3]], [0]));
  });

  it('should also keep the length of a single row with masked logits', () => {
    expect([...variantsWithoutTrigger(batchOf([[MASK, 3, MASK]], [1]))]).toContainEqual(
      batchOf([[0, 3, 0]], [1]),
    );
  });

  it('should leave a row without a finite maximum as it is', () => {
    expect([...variantsWithoutTrigger(batchOf([[Number.POSITIVE_INFINITY]]))].at(-1)).toEqual(
      batchOf([[Number.POSITIVE_INFINITY]]),
    );
  });
});
