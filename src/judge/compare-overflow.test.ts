import { describe, it } from 'vitest';
import { expectVerdict, type VerdictRow } from '../../properties/support/verdict.ts';
import { type Batch, batchOf } from '../core/batch.ts';
import { MAX_FINITE as MAX } from '../float32/constants.ts';
import { nextDown, nextUp } from '../float32/ordinal.ts';
import { formats } from '../formats/index.ts';
import { withOptions } from '../options/index.ts';
import { inFormats } from '../row/profile-formats.ts';
import { defaultProfile } from '../row/profiles.ts';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

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
  const free = (batch: Batch) => withOptions(batch, { probabilities: new Float32Array(2) });
  /** A row's loss is beyond all numbers, and no longer when it is multiplied by its weight. */
  const weighted = (weight: number) =>
    withOptions(losses(-2e38), {
      reduction: 'sum',
      rowWeights: Float32Array.of(weight),
      probabilities: Float32Array.of(0, 2),
    });
  const table: readonly VerdictRow[] = [
    ["0 times a row's loss that overflows", 'crossEntropy', weighted(0), 0, NAN, 'open: right'],
    ["what 0 times a row's loss is, by weights that come first", 'crossEntropy', weighted(0), 0, 0, 'right'],
    ["half of a row's loss that overflows", 'crossEntropy', weighted(0.5), 0, INF, 'right'],
    ['no number of a loss of nothing', 'crossEntropy', weighted(0), 0, 1, 'error inaccurate'],
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
    ['NaN for 0 times a loss beyond FP32', 'crossEntropy', free(beyond), 0, NAN, 'open: right'],
    ['0 for it', 'crossEntropy', free(beyond), 0, 0, 'right'],
    ['NaN for 0 times a loss within', 'crossEntropy', free(batchOf([[0, -1e38]])), 0, NAN, 'error nan'],
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

describe('compare, beside the end of FP16', () => {
  const fp16 = inFormats(defaultProfile, { answer: formats.fp16, arithmetic: formats.fp32 });
  const losses = (...gaps: number[]): Batch => ({ ...batchOf(gaps.map((gap) => [0, gap])), format: 'fp16' });
  const table: readonly VerdictRow[] = [
    [
      'a sum beyond FP16, where it may be stored',
      'crossEntropy',
      losses(40000, 40000),
      0,
      INF,
      'warning infinite',
    ],
    ['a sum just beyond it', 'crossEntropy', losses(65504, 8), 0, INF, 'warning infinite'],
    ['a sum within FP16', 'crossEntropy', losses(30000, 30000), 0, INF, 'error infinite'],
    ['NaN for a sum beyond it', 'crossEntropy', losses(40000, 40000), 0, NAN, 'error nan'],
  ];

  it.each(table)('%s: %s', (_, operation, batch, k, got, verdict) => {
    expectVerdict(operation, batch, k, got, verdict, fp16);
  });
});
