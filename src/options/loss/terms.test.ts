import { describe, expect, it } from 'vitest';
import { createBatch } from '../../core/batch.ts';
import { withOptions } from '../index.ts';
import { termsOf } from './terms.ts';

describe('termsOf', () => {
  it('should take a vocabulary of weights', () => {
    const cols = 2 ** 18;
    const classWeights = new Float32Array(cols).fill(0.5);
    classWeights[7] = 3;
    const batch = withOptions(createBatch(1, cols, new Float32Array(cols)), {
      classWeights,
      labelSmoothing: 0.5,
    });
    const [row] = termsOf(batch)?.rows ?? [];
    expect([row.mostWeight, row.total]).toEqual([3, expect.closeTo(0.5 + 0.25 / cols + 1.25 / cols, 4)]);
  });
});
