import { describe, expect, it } from 'vitest';
import { batchOf, createBatch } from '../core/batch.ts';
import { fingerprint } from './fingerprint.ts';

describe('fingerprint', () => {
  it('should be the same for the same contents, wherever they lie in memory', () => {
    const memory = Float32Array.of(9, 1, 2, 9);
    const view = { ...batchOf([[1, 2]]), logits: memory.subarray(1, 3) };
    expect(fingerprint(view)).toBe(fingerprint(batchOf([[1, 2]])));
  });

  it('should differ with shape, values, signs of zero, order, targets and upstream values', () => {
    const batches = [
      batchOf([[0, 0, 1, 2]]),
      createBatch(2, 2, [0, 0, 1, 2]),
      createBatch(4, 1, [0, 0, 1, 2]),
      batchOf([[0, 0, 2, 1]]),
      batchOf([[0, -0, 1, 2]]),
      batchOf([[0, 0, 1, 2]], [1]),
      batchOf([[0, 0, 1, 2]], [0], [0, 0, 0, 0]),
      batchOf([[0, 0, 1, 2]], [0], [0, 0, 0, 1]),
    ];
    expect(new Set(batches.map(fingerprint)).size).toBe(batches.length);
  });

  it('should differ with options, with signs of zero in them too', () => {
    const options = [
      { scale: 0 },
      { scale: -0 },
      { sink: 0 },
      { sink: Float32Array.of(0) },
      { bias: Float32Array.of(0, 0) },
      { bias: Float32Array.of(0, -0) },
      { mask: Uint8Array.of(0, 1) },
      { mask: Uint8Array.of(1, 0) },
    ];
    const batches = options.map((each) => ({ ...batchOf([[1, 2]]), options: each }));
    expect(new Set(batches.map(fingerprint)).size).toBe(batches.length);
  });

  it('should tell the rows of zeros with one other cell apart', () => {
    const spikes = Array.from({ length: 1000 }, (_, cell) =>
      batchOf([new Array(1000).fill(0).with(cell, 1)]),
    );
    expect(new Set(spikes.map(fingerprint)).size).toBe(1000);
  });
});
