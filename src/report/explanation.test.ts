import { describe, expect, it } from 'vitest';
import { batchOf, createBatch } from '../core/batch.ts';
import type { Explanation } from '../core/finding.ts';
import { explained } from './explanation.ts';

const nothing: Explanation = {
  values: 16,
  logits: [],
  classes: 1,
  targets: [],
  upstream: [],
  together: null,
};

describe('explained', () => {
  it('should show a star, and say what was tried', () => {
    expect(
      explained({
        operation: 'softmax',
        batch: batchOf([[0, 89]]),
        explanation: { ...nothing, logits: [0] },
      }),
    ).toEqual({
      call: 'softmax([*, 89])',
      sentence: 'fails like this with everything tried for *: 16 other values',
    });
  });

  it('should say whether several may be anything at once', () => {
    const batch = batchOf(
      [
        [0, 89],
        [1, 2],
      ],
      [1, 0],
    );
    const several = { ...nothing, logits: [0, 2, 3], targets: [1] };
    expect(
      explained({ operation: 'crossEntropy', batch, explanation: { ...several, together: false } }),
    ).toEqual({
      call: 'crossEntropy([[*, 89], [*, *]], targets [1, *])',
      sentence: 'fails like this with everything tried for *: 16 other values, 1 other class; one at a time',
    });
    expect(
      explained({ operation: 'crossEntropy', batch, explanation: { ...several, together: true } })?.sentence,
    ).toMatch(/; one at a time, and in 16 draws all together$/);
  });

  it('should count stars in a long row, and keep them apart from equal values', () => {
    const batch = createBatch(1, 40, new Float32Array(40).with(39, 89));
    const logits = Array.from({ length: 30 }, (_, k) => k);
    expect(explained({ operation: 'softmax', batch, explanation: { ...nothing, logits } })?.call).toBe(
      'softmax([* ×30, 0 ×9, 89])',
    );
  });

  it('should show the target of a single row', () => {
    expect(
      explained({
        operation: 'crossEntropy',
        batch: batchOf([[0, 89]]),
        explanation: { ...nothing, targets: [0] },
      }),
    ).toEqual({
      call: 'crossEntropy([0, 89], target *)',
      sentence: 'fails like this with everything tried for *: 1 other class',
    });
  });

  it.each([null, undefined, nothing])('should be null for %j', (explanation) => {
    expect(explained({ operation: 'softmax', batch: batchOf([[0, 89]]), explanation })).toBeNull();
  });
});
