import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { createRandom } from '../core/random.ts';
import { MAX_FINITE, UNIT_ROUNDOFF as u } from '../float32/constants.ts';
import { nextDown } from '../float32/ordinal.ts';
import { withOptions } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { gamma } from '../row/gamma.ts';
import { defaultProfile, profileNamed } from '../row/profiles.ts';
import { compare } from './compare.ts';
import { createEstimate, UNDECIDED } from './estimate.ts';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

/** Severity and kind of number `k`; nothing when it is right. */
function estimated(operation: Operation, batch: Batch, got: number, k = 0): string | null | typeof UNDECIDED {
  const miss = createEstimate(operation, batch, createOracle(batch).approximate, defaultProfile)(k, got);
  return miss === null || miss === UNDECIDED ? miss : `${miss.severity} ${miss.kind}`;
}

describe('createEstimate', () => {
  it('should tell warnings from errors', () => {
    const half = batchOf([[0, 0]]);
    expect(estimated('softmax', half, 0.5 + 5 * 2 ** -24)).toBe('warning inaccurate');
    expect(estimated('softmax', half, 0.5 + 1000 * 2 ** -24)).toBe('error inaccurate');
    expect(estimated('softmax', half, -1e-45)).toBe('error out-of-range');
    expect(estimated('softmax', half, NAN)).toBe('error nan');
    expect(estimated('softmax', batchOf([[0, -88]]), 0, 1)).toBe('warning zeroed');
  });

  it('should know of NaN whether a number was to be, or an infinity', () => {
    const logits = batchOf([[3e38, -3e38]]);
    expect(estimated('logSoftmax', logits, NAN, 1)).toBe('error special-value');
    expect(estimated('logSoftmax', logits, NAN, 0)).toBe('error nan');
    const beside = batchOf([[2e38, 2e38 - MAX_FINITE]]);
    expect(estimated('logSoftmax', beside, NAN, 1)).toBe('error nan');
  });

  it('should know the special answers', () => {
    expect(estimated('softmax', batchOf([[-INF, 0]]), 1e-45)).toBe('error special-value');
    expect(estimated('logSoftmax', batchOf([[-INF, 0]]), -1e30)).toBe('error special-value');
    expect(estimated('softmax', batchOf([[-INF, -INF]]), 0)).toBe('warning special-value');
    expect(
      estimated(
        'crossEntropy',
        batchOf([
          [-INF, -INF],
          [0, 0],
        ]),
        3,
      ),
    ).toBe('error special-value');
    expect(estimated('crossEntropy', batchOf([[-INF, 0]]), 1e30)).toBe('error special-value');
  });

  it('should know which mean losses may overflow', () => {
    const sum = batchOf([
      [0, 3e38],
      [0, 3e38],
    ]);
    const row = batchOf([
      [-3e38, 3e38],
      [0, 0],
    ]);
    expect(estimated('crossEntropy', sum, INF)).toBe('warning infinite');
    expect(estimated('crossEntropy', row, INF)).toBe(null);
    expect(estimated('crossEntropy', batchOf([[0, 3e38]]), INF)).toBe('error infinite');
    expect(estimated('crossEntropy', batchOf([[0, MAX_FINITE]]), INF)).toBe(UNDECIDED);
  });

  it('should leave open what may round to infinity', () => {
    const beside = batchOf([[2 ** 127, 2 ** 103 - 2 ** 127]]); // 2^128 - 2^103, a tie.
    expect(estimated('logSoftmax', beside, NAN, 1)).toBe(UNDECIDED);
    const beyond = batchOf([[MAX_FINITE, -MAX_FINITE]]);
    expect(estimated('logSoftmax', beyond, INF, 1)).toBe(UNDECIDED);
  });

  it('should know a logsumexp to be infinite although the gaps of its scores are not known', () => {
    // 4.3e38, and the largest number of FP32 but for little.
    const near = (x: number) => batchOf([[x, nextDown(x)]]);
    const beyond = withOptions(near(3e38), { temperature: 0.7 });
    const beside = withOptions(near(MAX_FINITE), { bias: Float32Array.of(1e28, 0) });
    expect(estimated('logSumExp', beyond, NAN)).toBe('error special-value');
    expect(estimated('logSumExp', beside, NAN)).toBe(UNDECIDED);
    expect(estimated('logSumExp', beyond, INF)).toBe(UNDECIDED);
  });

  it('should not blame the correct rounding, even where it is beyond the budget', () => {
    const strict = profileNamed('strict');
    for (let x = -103.9; x < -100; x += 0.01) {
      const oracle = createOracle(batchOf([[0, x]]));
      const got = oracle.entry('logSoftmax', 0).rounded;
      expect(createEstimate('logSoftmax', oracle.batch, oracle.approximate, strict)(0, got)).toBe(UNDECIDED);
    }
  });

  it('should be right or undecided whatever its errors are', () => {
    const random = createRandom([1, 2, 3, 4]);
    const decided = { logSumExp: 0, logSoftmax: 0 };
    for (let run = 0; run < 3000; run++) {
      const batch = batchOf([Array.from({ length: 3 }, () => Math.fround(8 * random.unit()))]);
      const oracle = createOracle(batch);
      const [row] = oracle.approximate;
      const off = (random.unit() - 0.5) * 2 ** -(10 + random.below(20));
      const blurred = {
        ...row,
        logSum: row.logSum + off,
        logSumExp: row.logSumExp + off,
        logSumError: row.logSumError + 1.01 * Math.abs(off),
      };
      for (const operation of ['logSumExp', 'logSoftmax'] as const) {
        const exact = oracle.entry(operation, 0).rounded;
        const got = Math.fround(exact + (random.unit() - 0.5) * 2 ** -(10 + random.below(16)));
        const miss = createEstimate(operation, batch, [blurred], defaultProfile)(0, got);
        if (miss === UNDECIDED) continue;
        decided[operation]++;
        const { kind, severity } = compare(oracle, operation, 0, got, defaultProfile) ?? {};
        expect([miss?.kind, miss?.severity]).toEqual([kind, severity]);
      }
    }
    expect(decided.logSumExp).toBeGreaterThan(1000);
    expect(decided.logSoftmax).toBeGreaterThan(1000);
  });

  it('should need errors within the bounds of both budgets, and 2^-30 for each', () => {
    const batch = batchOf([[0, 0]]);
    const [row] = createOracle(batch).approximate;
    const floor = 2 ** -147;
    const flush = 2 ** -125;
    const [own, field] = [0.5 * gamma(4 + 1 + 2) + floor, 0.5 * gamma(6 + 1 + 5) + flush];
    /** The verdict on 1/2 + `distance` where the reference is off by `error`. */
    const verdict = (distance: number, error: number) => {
      const blurred = { ...row, relativeError: 2 * error, absoluteError: 0 };
      const miss = createEstimate('softmax', batch, [blurred], defaultProfile)(0, 0.5 + distance);
      return miss === UNDECIDED ? 'undecided' : miss?.severity;
    };
    const slack = (budget: number, distance: number) => 2 ** -30 * (budget + distance);
    for (const [distance, bound, beyond] of [
      [4 * u, own, 'warning'], // Its error has to be above the profile's budget for a warning,
      [5 * u, field, 'warning'], // and below the field's;
      [8 * u, field, 'error'], // or above that.
    ] as const) {
      const room = Math.abs(distance - bound);
      expect(verdict(distance, room - 1.01 * slack(bound, distance))).toBe(beyond);
      expect(verdict(distance, room - 0.99 * slack(bound, distance))).toBe('undecided');
    }
  });

  it('should not blame what may be the correct rounding, of however small a budget', () => {
    const batch = batchOf([[5]]);
    const [row] = createOracle(batch).approximate;
    const nothing = { ...defaultProfile, exp: { constant: 0, perGap: 0, exactAtZero: true }, division: 0 };
    // One place above 1, which is 2 u: half of that may be rounded away, and the reference be off by the rest.
    const verdict = (relativeError: number) =>
      createEstimate('softmax', batch, [{ ...row, relativeError }], nothing)(0, 1 + 2 * u);
    expect(verdict(0.9 * u)).toMatchObject({ kind: 'out-of-range', severity: 'warning' });
    expect(verdict(1.1 * u)).toBe(UNDECIDED);
  });

  it('should leave open what may round to infinity, and no more', () => {
    const batch = batchOf([[0, -3e38]]);
    const [row] = createOracle(batch).approximate;
    const verdict = (logSumError: number, got: number) =>
      createEstimate('logSoftmax', batch, [{ ...row, logSumError }], defaultProfile)(1, got);
    for (const got of [NAN, -INF]) {
      expect(verdict(4e37, got)).toMatchObject({ severity: 'error' });
      expect(verdict(4.1e37, got)).toBe(UNDECIDED);
    }
  });

  it('should leave a number beside the budget open', () => {
    const batch = batchOf([[1, 2]]);
    const { rounded } = createOracle(batch).answer('logSumExp');
    expect(estimated('logSumExp', batch, nextDown(rounded[0]))).toBe(UNDECIDED);
  });
});
