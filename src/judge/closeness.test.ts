import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import { hasProbabilities, type ProbabilityOperation } from '../core/operation.ts';
import { fromOrdinal, toOrdinal } from '../float32/ordinal.ts';
import { stable } from '../kernels/stable.ts';
import { approximateRows } from '../row/approximation.ts';
import type { Profile } from '../row/profile.ts';
import { defaultProfile } from '../row/profiles.ts';
import { closenessOf, outlierOf } from './closeness.ts';

const batch = batchOf(
  [
    [0, -1, -2, -3],
    [5, 4, 4.5, 4.75],
  ],
  [1, 1],
);

/** The answer of a right kernel, number `k` of it moved by so many places. */
function moved(operation: ProbabilityOperation, k: number, places: number, of: Batch = batch): Float32Array {
  const answer = stable.softmax(of.logits, of.rows, of.cols);
  if (operation === 'crossEntropyGrad') {
    for (const [r, target] of of.targets.entries()) answer[r * of.cols + target] -= 1;
    for (let i = 0; i < answer.length; i++) answer[i] /= of.rows;
  }
  answer[k] = fromOrdinal(toOrdinal(answer[k]) + places);
  return answer;
}

const outlier = (operation: ProbabilityOperation, output: Float32Array, of: Batch = batch) =>
  outlierOf(operation, of, approximateRows(of), output, defaultProfile, 0.5);

describe('hasProbabilities', () => {
  it('should tell the operations that answer a probability for each logit', () => {
    expect(hasProbabilities('softmax')).toBe(true);
    expect(hasProbabilities('crossEntropyGrad')).toBe(true);
    expect(hasProbabilities('logSoftmax')).toBe(false);
  });
});

describe('outlierOf', () => {
  it.each([
    ['softmax', 2],
    ['softmax', 7],
    ['crossEntropyGrad', 2],
    ['crossEntropyGrad', 7],
  ] as const)('should find the one number of %s that is off: %i', (operation, k) => {
    expect(outlier(operation, moved(operation, k, 0))).toBeNull();
    const { row, col, excess } = outlier(operation, moved(operation, k, 6)) ?? {};
    expect([row, col]).toEqual([Math.floor(k / 4), k % 4]);
    expect(excess).toBeGreaterThan(0.5);
  });

  it('should not take for one what a whole row is off by', () => {
    const answer = moved('softmax', 0, 0).map((p, k) => (k < 4 ? p * (1 + 2 ** -18) : p));
    expect(outlier('softmax', answer)).toBeNull();
  });

  it('should pass over rows without a maximum, masked logits and the target of a gradient', () => {
    const { NEGATIVE_INFINITY: masked } = Number;
    const special = batchOf([
      [masked, masked],
      [masked, 0],
    ]);
    expect(outlier('softmax', moved('softmax', 0, 0, special), special)).toBeNull();
    const single = batchOf([[0, -1]], [1]);
    expect(outlier('crossEntropyGrad', moved('crossEntropyGrad', 1, 9, single), single)).toBeNull();
  });
});

describe('outlierOf, number by number', () => {
  const u = 2 ** -24;
  /** exp and division: 5 + 13 and, for a unit of gap, 7 + 3. */
  const profile: Profile = {
    ...defaultProfile,
    subtraction: 3,
    exp: { constant: 5, perGap: 7, exactAtZero: true },
    division: 13,
    floor: 2 ** -30,
  };
  const outlierIn = (operation: ProbabilityOperation, of: Batch, output: number[], atLeast = 0.5) =>
    outlierOf(operation, of, approximateRows(of), Float32Array.from(output), profile, atLeast);
  const S = 1 + Math.exp(-2) + Math.exp(-1);
  const p = [Math.exp(-2) / S, 1 / S, Math.exp(-1) / S];

  it('should give the difference from the maximum over what an exp and a division may cost', () => {
    const two = batchOf(
      [
        [-2, 0, -1],
        [-2, 0, -1],
      ],
      [1, 0],
    );
    for (const [operation, share] of [
      ['softmax', 1],
      ['crossEntropyGrad', 1 / 2],
    ] as const) {
      const right = [...p, ...p].map((x) => share * x);
      if (operation === 'crossEntropyGrad') right[1] -= share;
      const output = right.with(5, right[5] * (1 + 2 ** -16));
      const { row, col, excess = 0 } = outlierIn(operation, two, output) ?? {};
      expect([row, col]).toEqual([1, 2]);
      const allowed = share * p[2] * (5 + 13 + 1 * (7 + 3)) * u + 2 ** -30;
      expect(excess / ((share * p[2] * 2 ** -16) / allowed)).toBeCloseTo(1, 2);
    }
  });

  it.each<
    [
      what: string,
      operation: ProbabilityOperation,
      logits: number[],
      target: number,
      output: number[],
      col: number | null,
    ]
  >([
    ['the second logit', 'softmax', [0, -1, -2], 1, [p[1], p[2] + 0.01, p[0]], 1],
    ['a logit beside a maximum that is the target', 'softmax', [-1, 0, -2], 1, [p[2] + 0.01, p[1], p[0]], 0],
    ['a logit of gap 200', 'softmax', [0, -200], 0, [1, 1e-6], 1],
    ['none of a larger gap', 'softmax', [0, -201], 0, [1, 1e-6], null],
    ['no other maximum', 'softmax', [0, 0], 0, [0.5, 0.6], null],
    [
      'a logit beside another maximum than the target',
      'crossEntropyGrad',
      [0, 0, -99],
      0,
      [-0.5, 0.5, 1e-6],
      2,
    ],
    [
      'none beside a target that is the only maximum',
      'crossEntropyGrad',
      [0, -1, -2],
      0,
      [p[1] - 1, p[2], 0.5],
      null,
    ],
  ])('should find %s', (_, operation, logits, target, output, col) => {
    const found = outlierIn(operation, batchOf([logits], [target]), output);
    expect(found?.col ?? null).toBe(col);
  });

  it('should find the largest, and the first of equals', () => {
    const of = batchOf([
      [0, -1, -1],
      [0, -1, -1],
    ]);
    const q = [1, Math.exp(-1), Math.exp(-1)].map((w) => w / (1 + 2 * Math.exp(-1)));
    expect(outlierIn('softmax', of, [q[0], q[1] + 0.01, q[2], q[0], q[1], q[2] + 0.02])).toMatchObject({
      row: 1,
      col: 2,
    });
    expect(outlierIn('softmax', of, [q[0], q[1] + 0.01, q[2] + 0.01, ...q])).toMatchObject({
      row: 0,
      col: 1,
    });
  });
});

describe('closenessOf', () => {
  it('should be the largest use of a budget, of the first of equals, where no logit is an outlier', () => {
    const u = 2 ** -24;
    const quarters = batchOf([
      [Number.NaN, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    const off = 0.25 + u;
    const output = Float32Array.of(NaN, NaN, NaN, NaN, 0.25, off, 0.25, off);
    // The budget is (4 + 3 + 2) / 4.
    const { budgetUse, ...at } = closenessOf(
      'softmax',
      quarters,
      approximateRows(quarters),
      output,
      defaultProfile,
    );
    expect(at).toEqual({ row: 1, col: 1 });
    expect(budgetUse).toBeCloseTo(4 / 9, 6);
  });

  it('should point at the outlier where another number uses more of its budget', () => {
    const u = 2 ** -24;
    const of = batchOf([[0, -1]]);
    const [p, q] = [1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(1))];
    // Beside the first, which is off by 5 of its 4 + 1 + (4 + 2.225) q + 2, the second is what stands out by 5 of 4 + 2.225 + 2.
    const output = Float32Array.of(p * (1 + 5 * u), q);
    const { budgetUse, ...at } = closenessOf('softmax', of, approximateRows(of), output, defaultProfile);
    expect(at).toEqual({ row: 0, col: 1 });
    expect(budgetUse).toBeCloseTo(
      (output[0] - p) / (p * u * (4 + 1 + (4 + 2.225) * q * (1 + 2 ** -13) + 2)),
      6,
    );
  });

  it('should know the gradient, its target and its share', () => {
    const half = batchOf(
      [
        [0, 0],
        [0, 0],
      ],
      [1, 0],
    );
    const u = 2 ** -24;
    const close = (...output: number[]) =>
      closenessOf('crossEntropyGrad', half, approximateRows(half), Float32Array.from(output), defaultProfile);
    expect(close(0.25, -0.25, -0.25, 0.25)).toEqual({ budgetUse: 0, row: 0, col: 0 });
    // The budget is half of (4 + 1 + 2 + 1) / 2 + 3 / 2: as minus the sum of the others it takes one addition more.
    const { budgetUse, ...at } = close(0.25, -0.25 - u, -0.25, 0.25);
    expect(at).toEqual({ row: 0, col: 1 });
    expect(budgetUse).toBeCloseTo(1 / 2.75, 6);
  });

  it('should be the largest error over its budget, and point at the outlier', () => {
    const close = (places: number) =>
      closenessOf('softmax', batch, approximateRows(batch), moved('softmax', 6, places), defaultProfile);
    expect(close(6)).toMatchObject({ row: 1, col: 2 });
    expect(close(6).budgetUse).toBeGreaterThan(0.5);
    expect(close(6).budgetUse).toBeLessThan(close(7).budgetUse);
    expect(close(0).budgetUse).toBeLessThan(0.3);
  });

  it('should be nothing where every row is special', () => {
    const special = batchOf([[Number.NEGATIVE_INFINITY]]);
    expect(
      closenessOf('softmax', special, approximateRows(special), Float32Array.of(Number.NaN), defaultProfile),
    ).toEqual({ budgetUse: 0, row: 0, col: 0 });
  });
});
