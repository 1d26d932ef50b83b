import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { UserError } from '../text/errors.ts';
import { batches } from './batches.ts';

describe('batches', () => {
  it('should give the same batches for the same fast-check seed, and others for another', () => {
    const sample = (seed: number) => fc.sample(batches(), { seed, numRuns: 20 });
    expect(sample(1)).toEqual(sample(1));
    expect(sample(1)).not.toEqual(sample(2));
  });

  it('should reject options when it is made', () => {
    expect(() => batches({ rows: 0 })).toThrow(UserError);
    expect(() => batches({ families: [] })).toThrow(UserError);
  });

  it('should tell batches of its sizes from anything else', () => {
    const arbitrary = batches({ cols: 2 });
    expect(arbitrary.canShrinkWithoutContext(batchOf([[1, 2]]))).toBe(true);
    const others = [
      batchOf([[1]]),
      null,
      7,
      {},
      { ...batchOf([[1, 2]]), logits: [1, 2] },
      { ...batchOf([[1, 2]]), logits: new Float32Array(3) },
      { ...batchOf([[1, 2]]), rows: 2 },
      { ...batchOf([[1, 2]]), targets: new Int32Array(2) },
    ];
    expect(others.filter((other) => arbitrary.canShrinkWithoutContext(other))).toEqual([]);
  });

  it('should keep fixed sizes while shrinking', () => {
    const batch = batchOf([
      [9, 8, 7],
      [1.5, 2.5, 3.5],
    ]);
    const shrunk = [...batches({ rows: 2, cols: 3 }).shrink(batch, undefined)];
    expect(shrunk.length).toBeGreaterThan(5);
    expect(shrunk.every(({ value: { rows, cols } }) => rows === 2 && cols === 3)).toBe(true);
  });
});
