import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import { type Operation, operations, outputLength } from '../core/operation.ts';
import { UNIT_ROUNDOFF as u } from '../float32/constants.ts';
import { createOracle } from '../oracle/exact.ts';
import { budgetOf, gamma } from './budget.ts';
import {
  defaultProfile,
  fieldProfile,
  type Profile,
  profileNamed,
  profiles,
  sequentialProfile,
} from './profile.ts';

function budget(operation: Operation, batch: Batch, profile: Profile): Float64Array {
  const oracle = createOracle(batch);
  return Float64Array.from({ length: outputLength(operation, batch.rows, batch.cols) }, (_, k) =>
    budgetOf(operation, k, oracle, profile),
  );
}

describe('gamma', () => {
  it('should be a little over k u, and promise nothing once k u reaches 1', () => {
    expect(gamma(1)).toBe(u / (1 - u));
    expect(gamma(2 ** 23)).toBe(1);
    expect(gamma(2 ** 24)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('budgetOf', () => {
  it('should allow no error to a logSumExp of one class', () => {
    expect(budget('logSumExp', batchOf([[5]]), defaultProfile)).toEqual(Float64Array.of(0));
    expect(budget('logSumExp', batchOf([[5, Number.NEGATIVE_INFINITY]]), defaultProfile)).toEqual(
      Float64Array.of(0),
    );
  });

  it('should allow no error to a masked entry', () => {
    const batch = batchOf([[Number.NEGATIVE_INFINITY, 0, 1]], [1]);
    for (const operation of ['softmax', 'logSoftmax', 'crossEntropyGrad'] as const) {
      expect(budget(operation, batch, fieldProfile)[0]).toBe(0);
    }
  });

  it('should follow the formula for softmax of two classes', () => {
    const [p0, p1] = [1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(1))];
    const sum = 1 + p1 * 1 + 4 * p1; // one addition, the shift's roundings p d, an exp of 4u for the smaller one
    const [b0, b1] = budget('softmax', batchOf([[1, 0]]), defaultProfile);
    expect(b0).toBeCloseTo(p0 * gamma(0 + 4 + sum + 2), 15);
    expect(b1).toBeCloseTo(p1 * gamma(1 + 4 + sum + 2), 15);
  });

  it('should leave only the floor where a probability is beyond FP32', () => {
    expect(budget('softmax', batchOf([[0, -1e30]]), defaultProfile)[1]).toBe(defaultProfile.floor);
    expect(budget('softmax', batchOf([[0, -201]]), fieldProfile)[1]).toBe(fieldProfile.floor);
  });

  it('should grow with the gap, and with the summands only as much as their order costs', () => {
    const relative = (gap: number) =>
      budget('softmax', batchOf([[0, -gap]]), defaultProfile)[1] * Math.exp(gap);
    expect(relative(40)).toBeGreaterThan(2 * relative(10));
    const zeros = batchOf([Array(1024).fill(0)]);
    const [lanes, sequential] = [defaultProfile, sequentialProfile].map(
      (p) => budget('softmax', zeros, p)[0] * 1024,
    );
    expect(lanes / u).toBeGreaterThan(130);
    expect(lanes / u).toBeLessThan(140);
    expect(sequential / u).toBeGreaterThan(1023);
    expect(sequential / u).toBeLessThan(1031);
  });

  it('should never allow less to the field than to a profile', () => {
    const batches = [
      batchOf([[0]]),
      batchOf([[1, 2, 3]], [2]),
      batchOf([[-104, 3, 3, 88]], [0]),
      batchOf([[1e8, 1e8 - 8, -1e30]], [1]),
      batchOf([Array.from({ length: 100 }, (_, i) => i / 7)], [50]),
    ];
    for (const batch of batches) {
      for (const operation of operations) {
        const [field, own] = [fieldProfile, sequentialProfile].map((profile) =>
          budget(operation, batch, profile),
        );
        expect([...field].every((allowed, k) => allowed >= own[k])).toBe(true);
      }
    }
  });

  it('should allow an online kernel one rescaling for each new maximum', () => {
    const ascending = budget('logSumExp', batchOf([[0, 1, 2, 3]]), fieldProfile)[0];
    const descending = budget('logSumExp', batchOf([[3, 2, 1, 0]]), fieldProfile)[0];
    expect((ascending - descending) / u).toBeCloseTo(3 * 7, 2);
  });

  it('should allow the strict profile less than any other, and near 0 only a relative error', () => {
    const sure = batchOf([[0, -30]]);
    const strict = profileNamed('strict');
    for (const profile of profiles.filter(({ name }) => name !== 'strict')) {
      for (const operation of operations) {
        expect(budget(operation, sure, strict)[0]).toBeLessThan(budget(operation, sure, profile)[0]);
      }
    }
    expect(budget('logSoftmax', sure, strict)[0] / Math.exp(-30)).toBeLessThan(40 * u);
  });

  it('should raise nothing but the floor with +ftz', () => {
    expect(profileNamed('strict+ftz')).toEqual({
      ...profileNamed('strict'),
      name: 'strict+ftz',
      floor: 2 ** -125,
    });
    expect(profileNamed('wgsl+ftz')).toEqual({ ...profileNamed('wgsl'), name: 'wgsl+ftz' });
  });
});
