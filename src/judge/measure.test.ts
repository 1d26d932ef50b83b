import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { createOracle } from '../oracle/exact.ts';
import { defaultProfile } from '../row/profiles.ts';
import { measure, noMeasurement, worseOf } from './measure.ts';

const oracle = createOracle(batchOf([[0, 0, Number.NEGATIVE_INFINITY]]));
const measured = (...output: number[]) =>
  measure(oracle, 'softmax', Float32Array.from(output), defaultProfile);

describe('measure', () => {
  it('should find no error in the rounded answer', () => {
    expect(measured(0.5, 0.5, 0)).toEqual(noMeasurement);
  });

  it('should give the largest error in ULP, also where it is within the budget', () => {
    const { errorUlp, budgetUse, notFinite } = measured(0.5, 0.5 + 2 ** -24, 0);
    expect(errorUlp).toBe(1);
    expect(budgetUse).toBeCloseTo(1 / ((4 + 2 + 2) / 2), 6); // of the budget of three logits, which take two additions
    expect(notFinite).toBe(0);
  });

  it('should count what is not finite, and leave masked entries to the judge', () => {
    expect(measured(Number.NaN, Number.POSITIVE_INFINITY, 0.25)).toEqual({ ...noMeasurement, notFinite: 2 });
  });
});

describe('measure, without a budget', () => {
  const of = (rows: number[][], operation: Operation, ...output: number[]) =>
    measure(createOracle(batchOf(rows)), operation, Float32Array.from(output), defaultProfile);

  it('should find that any error is infinitely more than none', () => {
    expect(of([[5]], 'logSumExp', 5)).toEqual(noMeasurement);
    expect(of([[5]], 'logSumExp', 5 + 2 ** -21)).toEqual({
      ...noMeasurement,
      errorUlp: 1,
      budgetUse: Infinity,
    });
  });

  it('should leave out what is not finite by rights', () => {
    expect(of([[3e38, -3e38]], 'logSoftmax', 0, Number.NEGATIVE_INFINITY)).toMatchObject({ notFinite: 0 });
    expect(of([[Number.NaN]], 'softmax', Number.NaN)).toEqual(noMeasurement);
  });
});

describe('worseOf', () => {
  it('should keep the larger of each', () => {
    const a = { errorUlp: 1, budgetUse: 0.5, notFinite: 2 };
    const b = { errorUlp: 3, budgetUse: 0.25, notFinite: 1 };
    expect(worseOf(a, b)).toEqual({ errorUlp: 3, budgetUse: 0.5, notFinite: 3 });
  });
});
