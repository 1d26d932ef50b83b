import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { createNaive } from '../kernels/naive.ts';
import { createStable } from '../kernels/stable.ts';
import { traceKernel } from './trace.ts';

describe('traceKernel', () => {
  it('should record every step in order, with the answer', () => {
    const { steps, firstNonFinite, output } = traceKernel(createStable, 'logSumExp', batchOf([[5]]));
    expect(steps).toEqual([
      { op: 'sub', operands: [5, 5], result: 0 },
      { op: 'exp', operands: [0], result: 1 },
      { op: 'add', operands: [0, 1], result: 1 },
      { op: 'log', operands: [1], result: 0 },
      { op: 'add', operands: [0, 5], result: 5 },
    ]);
    expect(firstNonFinite).toBe(null);
    expect(output).toEqual(Float32Array.of(5));
  });

  it('should give a loss as one value', () => {
    const { output } = traceKernel(createStable, 'crossEntropy', batchOf([[0, 0]], [1]));
    expect(output).toEqual(Float32Array.of(Math.LN2));
  });

  it('should find the step that overflows, not the NaN that follows', () => {
    const { steps, firstNonFinite } = traceKernel(createNaive, 'softmax', batchOf([[1, 89]]));
    expect(firstNonFinite).toBe(1);
    expect(steps[1]).toEqual({ op: 'exp', operands: [89], result: Number.POSITIVE_INFINITY });
  });

  it('should find 0/0', () => {
    const { steps, firstNonFinite } = traceKernel(createNaive, 'softmax', batchOf([[-104]]));
    expect(steps[firstNonFinite ?? -1]).toEqual({ op: 'div', operands: [0, 0], result: Number.NaN });
  });

  it('should find the NaN that infinities make', () => {
    const { steps, firstNonFinite } = traceKernel(
      createStable,
      'softmax',
      batchOf([[Number.NEGATIVE_INFINITY]]),
    );
    expect(firstNonFinite).toBe(0);
    expect(steps[0].result).toBeNaN();
  });

  it('should not blame a step for what was given', () => {
    const masked = traceKernel(createStable, 'logSoftmax', batchOf([[0, Number.NEGATIVE_INFINITY]]));
    expect(masked.steps.some(({ result }) => result === Number.NEGATIVE_INFINITY)).toBe(true);
    expect(masked.firstNonFinite).toBe(null);
    expect(traceKernel(createStable, 'softmax', batchOf([[0, Number.NaN]])).firstNonFinite).toBe(null);
  });
});
