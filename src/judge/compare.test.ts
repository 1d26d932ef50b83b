import { describe, expect, it } from 'vitest';
import { expectVerdict, type Verdict, type VerdictRow } from '../../properties/support/verdict.ts';
import { batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { MAX_FINITE, MIN_SUBNORMAL, UNIT_ROUNDOFF as u } from '../float32/constants.ts';
import { fromOrdinal, nextUp, toOrdinal } from '../float32/ordinal.ts';
import { createOracle } from '../oracle/exact.ts';
import { defaultProfile, fieldProfile, profileNamed } from '../row/profiles.ts';
import { budgetOf } from './budget.ts';
import { compare } from './compare.ts';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;
const MAX = MAX_FINITE;
const TINY = MIN_SUBNORMAL;

/** `places` FP32 numbers farther from 0 than the number nearest to `x`. */
function away(x: number, places: number): number {
  const ordinal = toOrdinal(Math.fround(x));
  return fromOrdinal(ordinal + Math.sign(ordinal) * places);
}

describe('compare, at the ends of the budgets', () => {
  /**
   * The budgets of one number of a row of zeros, in u = 2^-24, which is its ULP, worked out by the formulas of budget.ts. Zeros
   * have no gaps, no exp but that of 0, p = 1/2 and L = ln 2; two of them take one addition. So E_S = 1 for both profiles.
   *
   * | | exp | log | division | gradient | softmax | ln S | log-softmax | backward through the max |
   * |---|---|---|---|---|---|---|---|---|
   * | default | 4 | 4 | 2 | 3 | (4 + 1 + 2) / 2 | 1 + 4 L | 1 + 5 L | |
   * | field | 6 | 7 | 5 | 8 | (6 + 1 + 5) / 2 | 1 + 7 L | 1 + 8 L, + 2 L for a rounded max | 1 + 1 + 5 + 4 |
   */
  const L = Math.LN2;
  const table: [
    operation: Operation,
    k: number,
    exact: number,
    upstream: number[],
    own: number,
    field: number,
  ][] = [
    ['softmax', 0, 0.5, [], 3.5, 6],
    ['logSoftmax', 1, -L, [], 1 + 5 * L, 1 + 10 * L],
    ['logSumExp', 0, L, [], 1 + 5 * L, 1 + 10 * L],
    ['crossEntropy', 0, L, [], 1 + 5 * L, 1 + 10 * L],
    ['crossEntropyGrad', 0, -0.5, [], 3.5 + 3 / 2, 6 + 8 / 2 + 11],
    ['crossEntropyGrad', 1, 0.5, [], 3.5 + 3 / 2, 6 + 8 / 2 + 11],
    // c = 0 is off by C = sum |g_j| p_j (t_j + h + 1), which is 9 and 14; a = 2.
    ['softmaxGrad', 0, 0.5, [1, -1], 3.5 * 2 + (9 + 2 * 5) / 2, 6 * 2 + (14 + 2 * 13) / 2 + 2 * 11],
    ['softmaxGrad', 1, -0.5, [1, -1], 3.5 * 2 + (9 + 2 * 5) / 2, 6 * 2 + (14 + 2 * 13) / 2 + 2 * 11],
    // e to the log-softmax is off by (1 + 5 L + 4) / 2 and (1 + 8 L + 6 + 4 L) / 2, V = 1 by 1.
    [
      'logSoftmaxGrad',
      0,
      0.5,
      [1, 0],
      (5 + 5 * L + 1) / 2 + 5 * 1.5,
      (7 + 12 * L + 1) / 2 + 13 * 1.5 + 2 * 11,
    ],
    [
      'logSoftmaxGrad',
      1,
      -0.5,
      [1, 0],
      (5 + 5 * L + 1) / 2 + 5 * 0.5,
      (7 + 12 * L + 1) / 2 + 13 * 0.5 + 2 * 11,
    ],
  ];
  it.each(table)('should judge %s[%i] = %f by them', (operation, k, exact, upstream, own, field) => {
    const batch = batchOf([[0, 0]], [0], upstream.length === 0 ? undefined : upstream);
    const inside = Math.floor(own);
    const explained = Math.floor(field);
    for (let places = 0; places <= inside; places++)
      expectVerdict(operation, batch, k, away(exact, places), 'right');
    expectVerdict(operation, batch, k, away(exact, inside + 1), 'warning inaccurate');
    expectVerdict(operation, batch, k, away(exact, explained), 'warning inaccurate');
    expectVerdict(operation, batch, k, away(exact, explained + 1), 'error inaccurate');
  });

  it.each([
    ['logSoftmax', -L],
    ['logSumExp', L],
    ['crossEntropy', L],
  ] as const)('should judge %s below %f as above it', (operation, exact) => {
    const batch = batchOf([[0, 0]]);
    expectVerdict(operation, batch, 0, away(exact, -4), 'right');
    expectVerdict(operation, batch, 0, away(exact, -5), 'warning inaccurate');
    expectVerdict(operation, batch, 0, away(exact, -7), 'warning inaccurate');
    expectVerdict(operation, batch, 0, away(exact, -8), 'error inaccurate');
  });

  it('should measure errors in ULP and in budgets', () => {
    const oracle = createOracle(batchOf([[0, 0]]));
    const sizes = (got: number) => {
      const { errorUlp, budgetUse } = compare(oracle, 'softmax', 0, got, defaultProfile) ?? {};
      return [errorUlp, budgetUse];
    };
    expect(sizes(0.5 + 7 * u)).toEqual([7, expect.closeTo(2, 5)]);
    expect(sizes(0.5 - 7 * u)).toEqual([7, expect.closeTo(2, 5)]);
    expect(sizes(-0.5)).toEqual([2 ** 24, expect.closeTo(2 ** 24 / 3.5, -1)]);
    // Infinity counts as 2^128.
    expect(sizes(INF)).toEqual([expect.closeTo(2 ** 152, -30), expect.closeTo(2 ** 152 / 3.5, -44)]);
    expect(sizes(NAN)).toEqual([NAN, INF]);
  });
});

describe('compare, of each kind', () => {
  const half = batchOf([[0, 0]], [0], [1, -1]);
  const masked = batchOf([[0, -INF]], [0], [3, 5]);
  const table: readonly VerdictRow[] = [
    ['a probability above 1 within the budget', 'softmax', batchOf([[5]]), 0, 1 + 6 * u, 'right'],
    ['a probability above 1', 'softmax', batchOf([[5]]), 0, 1 + 8 * u, 'warning out-of-range'],
    ['a probability far above 1', 'softmax', batchOf([[5]]), 0, 1 + 12 * u, 'error out-of-range'],
    [
      'a probability below 0, within the budget',
      'softmax',
      batchOf([[0, -300]]),
      1,
      -TINY,
      'error out-of-range',
    ],
    ['a probability of 1', 'softmax', half, 0, 1, 'error inaccurate'],
    ['a probability of -0', 'softmax', batchOf([[0, -300]]), 1, -0, 'right'],
    ['a far probability within the floor', 'softmax', batchOf([[0, -300]]), 1, 4 * TINY, 'open: right'],
    ['a far probability above the floor', 'softmax', batchOf([[0, -300]]), 1, 5 * TINY, 'warning inaccurate'],
    ['a far probability above the flush', 'softmax', batchOf([[0, -300]]), 1, 2 ** -124, 'error inaccurate'],
    ['a log-probability above 0', 'logSoftmax', half, 0, 0.5, 'error out-of-range'],
    ['a log-probability of 0', 'logSoftmax', half, 0, 0, 'error zeroed'],
    ['any negative logSumExp', 'logSumExp', half, 0, -3, 'error inaccurate'],
    ['a loss below 0', 'crossEntropy', half, 0, -0.5, 'error out-of-range'],
    ['a loss below 0 within the floor', 'crossEntropy', batchOf([[5]]), 0, -4 * TINY, 'open: right'],
    ['a loss below 0 beyond the floor', 'crossEntropy', batchOf([[5]]), 0, -5 * TINY, 'warning out-of-range'],
    ['a loss of 0', 'crossEntropy', half, 0, 0, 'error zeroed'],
    ['a gradient of -1', 'crossEntropyGrad', half, 0, -1, 'error inaccurate'],
    ['a gradient of 1', 'crossEntropyGrad', half, 0, 1, 'error inaccurate'],
    ['a gradient below -1', 'crossEntropyGrad', half, 0, -1.5, 'error out-of-range'],
    ['a gradient above 1', 'crossEntropyGrad', half, 0, 1.5, 'error out-of-range'],
    ['any product of softmax', 'softmaxGrad', half, 0, -7, 'error inaccurate'],
    ['any product of log-softmax', 'logSoftmaxGrad', half, 0, -7, 'error inaccurate'],
    ['a flushed subnormal', 'softmax', batchOf([[0, -88]]), 1, 0, 'warning zeroed'],
    ['a lost normal number', 'softmax', batchOf([[0, -86]]), 1, 0, 'error zeroed'],
    ['a difference that rounds to 0', 'logSoftmax', batchOf([[0, -104]]), 0, 0, 'right'],
    ['NaN', 'softmax', half, 1, NAN, 'error nan'],
    ['NaN for a loss', 'crossEntropy', half, 0, NAN, 'error nan'],
    ['NaN for a product', 'softmaxGrad', half, 0, NAN, 'error nan'],
    ['Infinity', 'softmax', half, 1, INF, 'error infinite'],
    ['-Infinity', 'logSoftmax', half, 1, -INF, 'error infinite'],
    ['Infinity for a loss', 'crossEntropy', half, 0, INF, 'error infinite'],
    ['-Infinity for a loss', 'crossEntropy', half, 0, -INF, 'error infinite'],
    ['Infinity for a product', 'logSoftmaxGrad', half, 0, INF, 'error infinite'],
    ['a masked probability of -0', 'softmax', masked, 1, -0, 'right'],
    ['a masked probability', 'softmax', masked, 1, TINY, 'error special-value'],
    ['a masked probability of NaN', 'softmax', masked, 1, NAN, 'error nan'],
    ['a masked probability of Infinity', 'softmax', masked, 1, INF, 'error infinite'],
    ['a masked log-probability of -Infinity', 'logSoftmax', masked, 1, -INF, 'right'],
    [
      'a masked log-probability of -Infinity, of a target',
      'logSoftmax',
      batchOf([[0, -INF]], [1]),
      1,
      -INF,
      'right',
    ],
    ['a logSumExp whose first logit is masked', 'logSumExp', batchOf([[-INF, 1]]), 0, 1, 'right'],
    ['a masked gradient of 0', 'crossEntropyGrad', masked, 1, 0, 'right'],
    ['a masked product of softmax of 0', 'softmaxGrad', masked, 1, 0, 'right'],
    ['a masked product of log-softmax of its upstream value', 'logSoftmaxGrad', masked, 1, 5, 'right'],
    [
      'a gradient of two rows',
      'crossEntropyGrad',
      batchOf([
        [0, 0],
        [0, 0],
      ]),
      3,
      0.25,
      'right',
    ],
    [
      'a gradient of two rows, off',
      'crossEntropyGrad',
      batchOf([
        [0, 0],
        [0, 0],
      ]),
      3,
      0.25 + 3 * u,
      'warning inaccurate',
    ],
    ['a masked log-probability', 'logSoftmax', masked, 1, -1e30, 'error special-value'],
    ['a masked log-probability of NaN', 'logSoftmax', masked, 1, NAN, 'error special-value'],
    ['a masked log-probability of Infinity', 'logSoftmax', masked, 1, INF, 'error special-value'],
    ['a masked gradient', 'crossEntropyGrad', masked, 1, TINY, 'error special-value'],
    [
      'the gradient of a masked target',
      'crossEntropyGrad',
      batchOf([[0, -INF]], [1]),
      1,
      -1 - 2 * u,
      'right',
    ],
    [
      'the gradient of a masked target, off',
      'crossEntropyGrad',
      batchOf([[0, -INF]], [1]),
      1,
      -0.5,
      'error inaccurate',
    ],
    [
      'a masked product of a target',
      'softmaxGrad',
      batchOf([[0, -INF]], [1], [3, 5]),
      1,
      TINY,
      'error special-value',
    ],
    ['a masked product of softmax', 'softmaxGrad', masked, 1, TINY, 'error special-value'],
    ['a masked product of log-softmax', 'logSoftmaxGrad', masked, 1, nextUp(5), 'error special-value'],
    [
      'a masked product without upstream values',
      'logSoftmaxGrad',
      batchOf([[0, -INF]]),
      1,
      0,
      'error special-value',
    ],
    [
      'the loss of a masked target',
      'crossEntropy',
      batchOf([[0, -INF]], [1]),
      0,
      1e30,
      'error special-value',
    ],
  ];
  it.each(table)('should judge %s', (_, operation, batch, k, got, verdict) => {
    expectVerdict(operation, batch, k, got, verdict);
  });
});

describe('compare, of rows without a finite maximum', () => {
  const maskedRow = [-INF, -INF];
  const table: [operation: Operation, rows: number[][], k: number, got: number, verdict: Verdict][] = [
    ['softmax', [[0, 0], maskedRow], 3, NAN, 'right'],
    ['softmax', [[0, 0], maskedRow], 3, 0, 'warning special-value'],
    ['softmax', [[0, 0], maskedRow], 3, 0.5, 'warning special-value'],
    ['softmax', [[0, 0], maskedRow], 3, 0.25, 'error special-value'],
    ['softmax', [maskedRow, [0, 0]], 2, 0, 'error zeroed'],
    ['softmax', [[NAN, 0], maskedRow], 3, 0, 'warning special-value'],
    ['logSoftmax', [maskedRow], 1, -INF, 'warning special-value'],
    ['logSumExp', [maskedRow], 0, -INF, 'right'],
    ['logSumExp', [maskedRow], 0, INF, 'error special-value'],
    ['logSumExp', [[INF, 0]], 0, INF, 'right'],
    ['logSumExp', [[INF, 0]], 0, NAN, 'error special-value'],
    [
      'logSumExp',
      [
        [0, 0],
        [INF, 0],
      ],
      1,
      5,
      'error special-value',
    ],
    ['softmaxGrad', [maskedRow], 0, INF, 'error special-value'],
    // One row's special loss makes the mean special; all such rows have to defend another answer.
    ['crossEntropy', [[0, 0], maskedRow], 0, NAN, 'right'],
    ['crossEntropy', [[0, 0], maskedRow], 0, INF, 'warning special-value'],
    ['crossEntropy', [[0, 0], maskedRow], 0, 3, 'error special-value'],
    ['crossEntropy', [maskedRow, [INF, 0]], 0, INF, 'warning special-value'],
    ['crossEntropy', [maskedRow, [NAN, 0]], 0, INF, 'error special-value'],
    [
      'crossEntropy',
      [
        [-MAX, MAX],
        [NAN, 0],
      ],
      0,
      INF,
      'error special-value',
    ],
  ];
  for (const [operation, rows, k, got, verdict] of table) {
    it(`should call ${got} as ${operation} ${k} of ${rows.join(' | ')} ${verdict}`, () => {
      expectVerdict(operation, batchOf(rows), k, got, verdict);
    });
  }
});

describe('compare, of the uniform distribution for a row masked throughout', () => {
  const NEGATIVE = Number.NEGATIVE_INFINITY;

  it.each([1, 2, 8, 40, 1000])(
    'should warn of it, of %i logits, as far as the field explains equal ones',
    (cols) => {
      const oracle = createOracle(batchOf([new Array(cols).fill(NEGATIVE)]));
      const zeros = createOracle(batchOf([new Array(cols).fill(0)]));
      const allowed = budgetOf('softmax', 0, zeros, fieldProfile) - fieldProfile.floor;
      const severityOf = (got: number) => compare(oracle, 'softmax', 0, got, defaultProfile)?.severity;
      for (const sign of [1, -1]) {
        expect(severityOf(1 / cols + sign * 0.999999 * allowed)).toBe('warning');
        expect(severityOf(1 / cols + sign * 1.000001 * allowed)).toBe('error');
      }
      expect(severityOf(Math.fround(Math.exp(-Math.fround(Math.log(cols)))))).toBe('warning');
    },
  );
});

describe('compare, of one class', () => {
  // A loss clipped at 1e-7 is as wrong at any logit: no formula of a shifted maximum rounds there.
  it.each([0, 1, -3, 100, 1e6])(
    'should find the same error in a loss and a log-softmax that are not 0 at [%f]',
    (x) => {
      for (const row of [[x], [x, Number.NEGATIVE_INFINITY]]) {
        const oracle = createOracle(batchOf([row], [0]));
        expect(compare(oracle, 'crossEntropy', 0, 1e-7, defaultProfile)?.severity).toBe('error');
        expect(compare(oracle, 'logSoftmax', 0, -1e-7, defaultProfile)?.severity).toBe('error');
        expect(
          compare(oracle, 'logSumExp', 0, Math.fround(x + 1e-7 * (1 + Math.abs(x))), defaultProfile)
            ?.severity,
        ).toBe('error');
      }
    },
  );
});

describe('compare, of a number lost to 0', () => {
  const at = (gap: number, profile = defaultProfile) =>
    compare(createOracle(batchOf([[0, -gap]])), 'softmax', 1, 0, profile)?.severity ?? null;

  it('should be an error of a normal number, and of a subnormal one a warning, or nothing where that is declared', () => {
    // The last gap but one whose e^-gap is normal by more than its own rounding, and one where it is not.
    expect([at(87.33), at(87.34)]).toEqual(['error', 'warning']);
    for (const name of ['default+ftz', 'wgsl', 'cuda-fast', 'strict+ftz'])
      expect([at(87.33, profileNamed(name)), at(87.34, profileNamed(name))]).toEqual(['error', null]);
  });
});
