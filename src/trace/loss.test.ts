import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { createNaive } from '../kernels/naive.ts';
import { createStable } from '../kernels/stable.ts';
import { createOracle } from '../oracle/exact.ts';
import { lossOf } from './loss.ts';
import { traceKernel } from './trace.ts';

function lossIn(
  create: typeof createNaive,
  operation: Operation,
  rows: number[][],
  targets?: number[],
  index = 0,
) {
  const batch = batchOf(rows, targets);
  const trace = traceKernel(create, operation, batch);
  return { loss: lossOf(trace, batch, createOracle(batch).rounded(operation), index), steps: trace.steps };
}

describe('lossOf', () => {
  it('should find the subtraction that shows the digits lost beside a large logit', () => {
    const { loss, steps } = lossIn(createStable, 'crossEntropy', [[2 ** 24, 2 ** 24]], [0]);
    expect(steps[loss?.step ?? -1]).toEqual({ op: 'sub', operands: [2 ** 24, 2 ** 24], result: 0 });
    expect(loss?.exact).toBeCloseTo(Math.LN2, 8);
    expect(loss?.ulps).toBeGreaterThan(2 ** 23);
  });

  it('should find the exp that is subnormal', () => {
    const { loss, steps } = lossIn(createNaive, 'softmax', [[-103, -103.5]]);
    expect(steps[loss?.step ?? -1].op).toBe('div');
    expect(loss?.ulps).toBeGreaterThan(2 ** 16);
  });

  it('should say nothing where every step is as good as the format allows', () => {
    expect(lossIn(createStable, 'softmax', [[0, 1, 2]]).loss).toBeNull();
  });

  it('should say nothing where the steps do not come to the expected answer', () => {
    const batch = batchOf([[2 ** 24, 2 ** 24]], [0]);
    expect(lossOf(traceKernel(createStable, 'crossEntropy', batch), batch, [0.7], 0)).toBeNull();
  });

  it('should say nothing of what is infinite in double precision too', () => {
    expect(lossIn(createNaive, 'softmax', [[800]]).loss).toBeNull();
  });
});
