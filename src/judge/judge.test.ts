import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { MAX_FINITE } from '../float32/constants.ts';
import { nextUp } from '../float32/ordinal.ts';
import { createOracle } from '../oracle/exact.ts';
import { judge } from './judge.ts';
import { defaultProfile } from './profile.ts';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

/** Severity and kind of what is wrong with `output`, in the order of the buckets. */
function verdicts(operation: Operation, batch: Batch, output: readonly number[]): string[] {
  const violations = judge(createOracle(batch), operation, Float32Array.from(output), defaultProfile);
  return violations.map(({ severity, kind }) => `${severity} ${kind}`);
}

describe('judge', () => {
  it('should accept the exact answer, rounded', () => {
    for (const batch of [
      batchOf([[89]]),
      batchOf([[1, 2, 3]], [1]),
      batchOf([[-INF, 0, 5]], [0]),
      batchOf([[-INF]]),
    ]) {
      const oracle = createOracle(batch);
      for (const operation of [
        'softmax',
        'logSoftmax',
        'logSumExp',
        'crossEntropy',
        'crossEntropyGrad',
      ] as const) {
        expect(judge(oracle, operation, oracle.answer(operation).rounded, defaultProfile)).toEqual([]);
      }
    }
  });

  it('should call NaN and infinities errors where the exact answer is finite', () => {
    expect(verdicts('softmax', batchOf([[89]]), [NAN])).toEqual(['error nan']);
    expect(verdicts('logSumExp', batchOf([[89]]), [INF])).toEqual(['error infinite']);
    expect(verdicts('softmax', batchOf([[0, -INF]]), [1, NAN])).toEqual(['error nan']);
  });

  it('should accept an error of one rounding, warn of one beyond the profile, and blame one beyond the field', () => {
    const half = batchOf([[0, 0]]);
    const off = (ulps: number) => [0.5 + ulps * 2 ** -24, 0.5];
    expect(verdicts('softmax', half, off(1))).toEqual([]);
    expect(verdicts('softmax', half, off(5))).toEqual(['warning inaccurate']);
    expect(verdicts('softmax', half, off(1000))).toEqual(['error inaccurate']);
  });

  it('should call a probability below 0 an error, however small', () => {
    expect(verdicts('softmax', batchOf([[0, -200]]), [1, -1e-45])).toEqual(['error out-of-range']);
    expect(verdicts('softmax', batchOf([[0, 0]]), [2, 0.5])).toEqual(['error out-of-range']);
    expect(verdicts('logSoftmax', batchOf([[0, 0]]), [1, -Math.LN2])).toEqual(['error out-of-range']);
  });

  it('should warn of a flushed subnormal and blame a lost normal', () => {
    expect(verdicts('softmax', batchOf([[0, -88]]), [1, 0])).toEqual(['warning zeroed']);
    expect(verdicts('softmax', batchOf([[0, -86]]), [1, 0])).toEqual(['error zeroed']);
  });

  it('should ask exactly 0 of a masked entry', () => {
    expect(verdicts('softmax', batchOf([[0, -INF]]), [1, 1e-45])).toEqual(['error special-value']);
    expect(verdicts('logSoftmax', batchOf([[0, -INF]]), [0, -1e9])).toEqual(['error special-value']);
    expect(verdicts('softmax', batchOf([[0, -INF]]), [1, -0])).toEqual([]);
  });

  it('should warn of another defended answer for a row without classes', () => {
    const masked = batchOf([[-INF, -INF]]);
    expect(verdicts('softmax', masked, [NAN, NAN])).toEqual([]);
    expect(verdicts('softmax', masked, [0, 0])).toEqual(['warning special-value']);
    expect(verdicts('softmax', masked, [1, 1])).toEqual(['error special-value']);
  });

  it('should not count the step from the largest float to infinity more than its budget does', () => {
    expect(verdicts('logSoftmax', batchOf([[0, -MAX_FINITE]]), [0, -INF])).toEqual([]);
    expect(verdicts('logSoftmax', batchOf([[0, -3e38]]), [0, -INF])).toEqual(['error infinite']);
    expect(verdicts('logSoftmax', batchOf([[MAX_FINITE, -MAX_FINITE]]), [0, -INF])).toEqual([]);
    expect(verdicts('logSoftmax', batchOf([[MAX_FINITE, -MAX_FINITE]]), [0, -MAX_FINITE])).toEqual([
      'error inaccurate',
    ]);
  });

  it('should let a mean loss overflow where a row does, and warn where only the sum does', () => {
    const overflowing = batchOf(
      [
        [MAX_FINITE, -MAX_FINITE],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      [1, 0, 0, 0],
    );
    expect(verdicts('crossEntropy', overflowing, [INF])).toEqual([]);
    expect(
      verdicts(
        'crossEntropy',
        batchOf(
          [
            [3e38, 0],
            [3e38, 0],
          ],
          [1, 1],
        ),
        [INF],
      ),
    ).toEqual(['warning infinite']);
    expect(
      verdicts(
        'crossEntropy',
        batchOf(
          [
            [3e37, 0],
            [3e37, 0],
          ],
          [1, 1],
        ),
        [INF],
      ),
    ).toEqual(['error infinite']);
  });

  it('should tell failures of different rows apart by their triggers', () => {
    const violations = judge(
      createOracle(batchOf([[89], [-104], [90]])),
      'softmax',
      Float32Array.of(NAN, NAN, NAN),
      defaultProfile,
    );
    expect(violations.map(({ trigger, row, index }) => ({ trigger, row, index }))).toEqual([
      { trigger: 'exp-overflow', row: 0, index: 0 },
      { trigger: 'exp-underflow', row: 1, index: 1 },
    ]);
  });

  it('should report the element that uses most of the budget', () => {
    const [violation] = judge(
      createOracle(batchOf([[0, 0, 0, 0]])),
      'softmax',
      Float32Array.of(0.25, 0.2501, 0.2502, nextUp(0.25)),
      defaultProfile,
    );
    expect(violation).toMatchObject({ index: 2, errorUlp: expect.closeTo(6712, -1) });
  });
});
