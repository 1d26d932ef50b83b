import { describe, expect, it } from 'vitest';
import { batchOf, createBatch } from '../core/batch.ts';
import { MOST_KEPT } from '../core/kept.ts';
import { traceTarget } from './trace-target.ts';

describe('traceTarget', () => {
  it('should trace built-in kernels alone', () => {
    expect(traceTarget('naive', 'softmax', batchOf([[89]]))?.steps).toHaveLength(3);
    expect(traceTarget('./mine.mjs', 'softmax', batchOf([[89]]))).toBeNull();
  });

  it('should leave out batches whose steps would fill the memory', () => {
    const large = createBatch(1, MOST_KEPT + 1, new Float32Array(MOST_KEPT + 1));
    expect(traceTarget('naive', 'softmax', large)).toBeNull();
  });
});
