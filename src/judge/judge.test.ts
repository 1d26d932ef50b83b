import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { bucketOf } from '../core/violation.ts';
import { MAX_FINITE, UNIT_ROUNDOFF as u } from '../float32/constants.ts';
import { nextUp } from '../float32/ordinal.ts';
import { withOptions } from '../options/index.ts';
import { createOracle, type Oracle } from '../oracle/exact.ts';
import type { ApproximateRow } from '../row/approximate-row.ts';
import { defaultProfile } from '../row/profiles.ts';
import { estimate, judge, judgeExactly } from './judge.ts';

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

  it('should take exactly 0 of what is hidden beside a row of -Infinity, which is NaN', () => {
    const batch = withOptions(batchOf([[0, -INF]]), { mask: [0, 1] });
    expect(verdicts('softmax', batch, [NAN, NAN])).toEqual([]);
    expect(verdicts('softmax', batch, [0, NAN])).toEqual([]);
    expect(verdicts('logSoftmax', batch, [-INF, NAN])).toEqual([]);
    expect(verdicts('softmax', batch, [0, 0])).toEqual(['warning special-value']);
    expect(verdicts('softmax', withOptions(batch, { mask: [0, 0] }), [0, 0])).toEqual([
      'warning special-value',
    ]);
  });

  it('should call scores that overflow on their way what the row of an Infinity is called', () => {
    // fl(2 x) is Infinity, and 2 x - 6e37 the largest number but 1e36.
    const batch = withOptions(batchOf([[2e38]]), { scale: 2, bias: [-6e37] });
    const buckets = (output: number): string[] =>
      judge(createOracle(batch), 'logSumExp', Float32Array.of(output), defaultProfile).map(bucketOf);
    expect(buckets(NAN)).toEqual(['logSumExp/special-value/positive-infinity']);
    expect(buckets(INF)).toEqual([]);
    expect(buckets(2e38 * 2 - 6e37)).toEqual([]);
    expect(buckets(1e38)).toEqual(['logSumExp/inaccurate/high-offset']);
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

describe('the violations of an answer', () => {
  const found = (operation: Operation, batch: Batch, output: readonly number[]) =>
    judge(createOracle(batch), operation, Float32Array.from(output), defaultProfile).map(
      ({ kind, severity, trigger, index, row }) => [kind, severity, trigger, index, row],
    );

  it('should be one for each kind, severity and trigger', () => {
    // In places of u / 2, the budgets are (4 + 3 + 2) / 2 and (6 + 3 + 5) / 2.
    const off = (places: number) => 0.25 + places * (u / 2);
    expect(found('softmax', batchOf([[0, 0, 0, 0]]), [off(20), off(5), 0, off(6)])).toEqual([
      ['inaccurate', 'error', 'ordinary', 0, 0],
      ['inaccurate', 'warning', 'ordinary', 3, 0],
      ['zeroed', 'error', 'ordinary', 2, 0],
    ]);
    const batch = batchOf([
      [0, 0],
      [89, 89],
      [0, 0],
    ]);
    expect(found('softmax', batch, [NAN, 0.5, NAN, NAN, 0.5, NAN])).toEqual([
      ['nan', 'error', 'ordinary', 0, 0],
      ['nan', 'error', 'exp-overflow', 2, 1],
    ]);
    expect(found('logSumExp', batch, [Math.LN2, NAN, NAN])).toEqual([
      ['nan', 'error', 'exp-overflow', 1, 1],
      ['nan', 'error', 'ordinary', 2, 2],
    ]);
  });

  it("should have the most particular trigger of all rows where it is the mean loss's", () => {
    const batch = batchOf([
      [0, 0],
      [89, 0],
      [-104, -104],
    ]);
    expect(found('crossEntropy', batch, [NAN])).toEqual([['nan', 'error', 'exp-overflow', 0, null]]);
  });

  it('should give six digits of sizes when estimated, all when proven', () => {
    const batch = batchOf([[0, 0]]);
    const output = Float32Array.of(0.5 + 1234567 * u, NAN);
    const sizes = (by: typeof judge) =>
      by(createOracle(batch), 'softmax', output, defaultProfile).map(({ errorUlp, detail }) => [
        errorUlp,
        detail,
      ]);
    const all = [
      [1234567, null],
      [NAN, null],
    ];
    expect(sizes(judge)).toEqual(all);
    expect(sizes(judgeExactly)).toEqual(all);
    expect(sizes(estimate)).toEqual([
      [1234570, null],
      [NAN, null],
    ]);
  });
});

describe('the proof of a guess', () => {
  /** An oracle whose double precision is wrong about its only row. */
  function deceived(oracle: Oracle, wrong: Partial<ApproximateRow>): Oracle {
    return { ...oracle, rows: oracle.rows, approximate: [{ ...oracle.approximate[0], ...wrong }] };
  }
  const judged = (oracle: Oracle, by: typeof judge, output: readonly number[]) =>
    by(oracle, 'softmax', Float32Array.from(output), defaultProfile).map(
      ({ severity, kind, index }) => `${severity} ${kind} ${index}`,
    );

  it('should ask decimal.js of every suspect again where it does not prove a guess', () => {
    const oracle = createOracle(batchOf([[0, 0]]));
    const low = deceived(oracle, { probabilities: Float64Array.of(0.5 - 10 * u, 0.5) });
    // Of another severity, of another kind, and none at all; the second number is wrong either way.
    const warning = [0.5 + 5 * u, NAN];
    expect(judged(low, estimate, warning)).toEqual(['error inaccurate 0', 'error nan 1']);
    expect(judged(low, judge, warning)).toEqual(['warning inaccurate 0', 'error nan 1']);
    const nan = deceived(oracle, { kind: 'nan' });
    expect(judged(nan, estimate, [0.6, NAN])).toEqual(['error special-value 0']);
    expect(judged(nan, judge, [0.6, NAN])).toEqual(['error inaccurate 0']);
    expect(judged(low, estimate, [0.5, NAN])).toEqual(['error inaccurate 0', 'error nan 1']);
    expect(judged(low, judge, [0.5, NAN])).toEqual(['error nan 1']);
  });

  it('should report one of a bucket also where guesses had told two apart', () => {
    const oracle = createOracle(batchOf([[0, 0]]));
    const low = deceived(oracle, { probabilities: Float64Array.of(0.5 - 10 * u, 0.5) });
    const output = [0.5 + 4 * u, 0.5 + 5 * u];
    expect(judged(low, estimate, output)).toEqual(['error inaccurate 0', 'warning inaccurate 1']);
    expect(judged(low, judge, output)).toEqual(['warning inaccurate 1']);
    // And the worst of it, where the worst of the guesses is another.
    const lower = deceived(oracle, { probabilities: Float64Array.of(0.5 - 30 * u, 0.5 - 10 * u) });
    expect(judged(lower, estimate, output)).toEqual(['error inaccurate 0']);
    expect(judged(lower, judge, output)).toEqual(['warning inaccurate 1']);
  });
});
