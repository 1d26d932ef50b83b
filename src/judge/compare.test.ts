/**
 * The verdict on one number, by decimal.js and by double precision: what compare.ts says is the law, screen.ts may acquit only
 * what is right, and surmise.ts may say only the same.
 */
import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { MAX_FINITE, MIN_SUBNORMAL, UNIT_ROUNDOFF as u } from '../float32/constants.ts';
import { fromOrdinal, nextDown, nextUp, toOrdinal } from '../float32/ordinal.ts';
import { createOracle } from '../oracle/exact.ts';
import { compare, type Miss } from './compare.ts';
import { defaultProfile } from './profile.ts';
import { unproven } from './screen.ts';
import { createSurmise, UNDECIDED } from './surmise.ts';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;
const MAX = MAX_FINITE;
const TINY = MIN_SUBNORMAL;

/** Severity and kind, or that the number is right. `open`: double precision has to leave it to decimal.js. */
type Verdict = 'right' | 'open: right' | `${'' | 'open: '}${'error' | 'warning'} ${string}`;

function said(miss: Miss | null): string {
  return miss === null ? 'right' : `${miss.severity} ${miss.kind}`;
}

/** The same, with six digits of its sizes. */
function roughly(miss: Miss | null): unknown {
  const near = (x: number) => expect.toSatisfy((y: number) => Object.is(x, y) || Math.abs(y / x - 1) < 1e-6);
  return miss && { ...miss, errorUlp: near(miss.errorUlp), budgetUse: near(miss.budgetUse) };
}

/** Asks decimal.js and double precision what is wrong with `got` as number `k`, everything else in the answer being right. */
function expectVerdict(operation: Operation, batch: Batch, k: number, got: number, verdict: Verdict): void {
  const oracle = createOracle(batch);
  const isOpen = verdict.startsWith('open: ');
  const expected = isOpen ? verdict.slice('open: '.length) : verdict;
  expect(said(compare(oracle, operation, k, got, defaultProfile))).toBe(expected);

  const output = oracle.rounded(operation).with(k, got);
  const suspects = unproven(operation, batch, oracle.approximate, output, defaultProfile);
  expect(suspects).toEqual(verdict === 'right' ? [] : [k]);
  if (verdict === 'right') return;
  const surmised = createSurmise(operation, batch, oracle.approximate, defaultProfile)(k, got);
  if (isOpen || surmised === UNDECIDED || surmised === null)
    expect(surmised).toBe(isOpen ? UNDECIDED : 'decided');
  else expect(surmised).toEqual(roughly(compare(oracle, operation, k, got, defaultProfile)));
}

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
  const table: [
    what: string,
    operation: Operation,
    batch: Batch,
    k: number,
    got: number,
    verdict: Verdict,
  ][] = [
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

describe('compare, beside the end of FP32', () => {
  const beyond = batchOf([[MAX, -MAX]]);
  /** 2 of them are beyond all but 2^-8 of FP32's range, and the number before it is not. */
  const large = nextUp((MAX / 2) * (1 - 2 ** -8));
  const products = (upstream: number[], logits = [0, 0]) => batchOf([logits], [0], upstream);
  const twoRows = batchOf(
    [
      [0, 0],
      [-10, 0],
    ],
    [0, 0],
    [1, -1, MAX, -MAX],
  );
  const losses = (...gaps: number[]) => batchOf(gaps.map((gap) => [0, gap]));
  const table: [
    what: string,
    operation: Operation,
    batch: Batch,
    k: number,
    got: number,
    verdict: Verdict,
  ][] = [
    ['the infinity that it rounds to', 'logSoftmax', beyond, 1, -INF, 'right'],
    ['the other infinity', 'logSoftmax', beyond, 1, INF, 'open: error infinite'],
    ['NaN for an infinity', 'logSoftmax', beyond, 1, NAN, 'open: error special-value'],
    ['a finite number for an infinity', 'logSoftmax', beyond, 1, -MAX, 'error inaccurate'],
    ['infinity for the last number', 'logSoftmax', batchOf([[0, -MAX]]), 1, -INF, 'right'],
    ['infinity for a number not so near', 'logSoftmax', batchOf([[0, -3e38]]), 1, -INF, 'error infinite'],
    // A mean loss may overflow where a row does; where only the sum does, most kernels do.
    ['a mean beyond FP32', 'crossEntropy', batchOf([[-MAX, MAX]]), 0, INF, 'right'],
    [
      'the mean of a loss beyond FP32',
      'crossEntropy',
      batchOf([
        [-MAX, MAX],
        [0, 0],
        [0, 0],
      ]),
      0,
      INF,
      'right',
    ],
    [
      '-Infinity for the mean of such a loss',
      'crossEntropy',
      batchOf([
        [-MAX, MAX],
        [0, 0],
        [0, 0],
      ]),
      0,
      -INF,
      'error infinite',
    ],
    [
      'a small number for it',
      'crossEntropy',
      batchOf([
        [-MAX, MAX],
        [0, 0],
        [0, 0],
      ]),
      0,
      5,
      'error inaccurate',
    ],
    ['a sum beyond FP32', 'crossEntropy', losses(3e38, 3e38), 0, INF, 'warning infinite'],
    ['-Infinity for a sum beyond FP32', 'crossEntropy', losses(3e38, 3e38), 0, -INF, 'error infinite'],
    ['NaN for a sum beyond FP32', 'crossEntropy', losses(3e38, 3e38), 0, NAN, 'error nan'],
    ['a sum below the end of FP32', 'crossEntropy', losses(1e38, 2e38), 0, INF, 'error infinite'],
    ['one loss below the end of FP32', 'crossEntropy', losses(3e38), 0, INF, 'error infinite'],
    ['one loss at the end of FP32', 'crossEntropy', losses(MAX), 0, INF, 'right'],
    ['the mean of a loss at the end of FP32', 'crossEntropy', losses(MAX, 0), 0, INF, 'open: error infinite'],
    ['a small number for it', 'crossEntropy', losses(MAX, 0), 0, 5, 'error inaccurate'],
    // Products: g_i - sum g_j p_j and sum g_j are named by the definitions; differences and partial sums are not.
    ['a named difference beyond FP32', 'softmaxGrad', products([MAX, -MAX], [-10, 0]), 0, INF, 'open: right'],
    [
      'NaN for a named difference beyond FP32',
      'softmaxGrad',
      products([MAX, -MAX], [-10, 0]),
      0,
      NAN,
      'open: right',
    ],
    [
      '-Infinity for a named difference beyond -MAX',
      'softmaxGrad',
      products([-MAX, MAX], [-10, 0]),
      0,
      -INF,
      'open: right',
    ],
    [
      'another difference beyond FP32',
      'softmaxGrad',
      products([MAX, -MAX]),
      0,
      INF,
      'open: warning infinite',
    ],
    [
      'NaN for another difference beyond FP32',
      'softmaxGrad',
      products([MAX, -MAX]),
      0,
      NAN,
      'open: warning nan',
    ],
    [
      'a difference nearly beyond FP32',
      'softmaxGrad',
      products([0, -large]),
      0,
      INF,
      'open: warning infinite',
    ],
    [
      'a difference less near',
      'softmaxGrad',
      products([0, -nextDown(large)]),
      0,
      INF,
      'open: error infinite',
    ],
    ['half of that', 'softmaxGrad', products([0, -large / 2]), 0, NAN, 'open: error nan'],
    ['less than half', 'softmaxGrad', products([0, -nextDown(large / 2)]), 0, NAN, 'error nan'],
    [
      'a difference of the dot product that counts',
      'softmaxGrad',
      products([0, 0.9 * MAX]),
      1,
      INF,
      'open: warning infinite',
    ],
    [
      'two numbers whose difference would be beyond',
      'logSoftmaxGrad',
      products([0.6 * MAX, 0]),
      0,
      INF,
      'open: error infinite',
    ],
    ['a product of the first row', 'softmaxGrad', twoRows, 1, NAN, 'error nan'],
    ['a product of the second row, named beyond FP32', 'softmaxGrad', twoRows, 2, NAN, 'open: right'],
    ['a product of the second row, not named', 'softmaxGrad', twoRows, 3, NAN, 'open: warning nan'],
    ['an operation that does not read the products', 'softmax', twoRows, 2, NAN, 'error nan'],
    ['a named sum beyond FP32', 'logSoftmaxGrad', products([MAX, MAX], [0, -9]), 1, NAN, 'open: right'],
    ['a named sum beyond -MAX', 'logSoftmaxGrad', products([-MAX, -MAX], [0, -9]), 1, INF, 'open: right'],
    ['a partial sum beyond FP32', 'logSoftmaxGrad', products([MAX, -MAX]), 1, INF, 'open: warning infinite'],
    ['a partial sum nearly beyond', 'logSoftmaxGrad', products([large, -large]), 0, NAN, 'open: warning nan'],
    [
      'one less near',
      'logSoftmaxGrad',
      products([nextDown(large), -nextDown(large)]),
      0,
      NAN,
      'open: error nan',
    ],
    [
      'a masked entry of a sum beyond FP32',
      'logSoftmaxGrad',
      products([MAX, MAX], [0, -INF]),
      1,
      NAN,
      'open: right',
    ],
  ];
  it.each(table)('should judge %s for %s', (_, operation, batch, k, got, verdict) => {
    expectVerdict(operation, batch, k, got, verdict);
  });
});
