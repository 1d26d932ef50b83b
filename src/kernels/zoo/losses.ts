/** Cross-entropy: targets, the mean, clipped probabilities. */
import { batchOf } from '../../core/batch.ts';
import { filled, inClass } from './entry.ts';
import { f32, only, roundedTo, type Steps, sumOf } from './parts.ts';

/** The loss of a row as it should be. */
const lossOf: Steps['loss'] = ({ x }, target, max, sum, steps) =>
  -steps.logProbability(x[target], max, sum, steps);

/** The loss for another target than the row's. */
const withTarget =
  (other: (target: number, n: number) => number): Steps['loss'] =>
  (row, target, ...rest) =>
    lossOf(row, other(target, row.x.length), ...rest);

/** A loss of 0 for targets that count as ignored. */
const ignoring =
  (ignored: (target: number, n: number) => boolean): Steps['loss'] =>
  (row, target, ...rest) =>
    ignored(target, row.x.length) ? 0 : lossOf(row, target, ...rest);

export const lossFaults = inClass('losses', [
  {
    id: 'C10',
    name: 'loss-by-rounded-lse',
    models: 'pytorch/pytorch#195829',
    difficulty: 'hard',
    operation: 'crossEntropy',
    fault: '(max + log sum) - x_t, which forgets the logarithm at large offsets',
    bucket: 'crossEntropy/zeroed/high-offset/warning',
    counterexample: batchOf([[16777216, 16777216]]),
    kernel: only('crossEntropy', {
      loss: ({ x }, target, max, sum, { log }) => f32(f32(max + log(sum)) - x[target]),
    }),
  },
  {
    id: 'Y100',
    name: 'mean-over-classes',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'the sum of the losses is divided by the number of classes',
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: batchOf([[0, 0]]),
    kernel: only('crossEntropy', {
      loss: (row, target, max, sum, steps) =>
        f32((lossOf(row, target, max, sum, steps) * row.rows) / row.x.length),
    }),
  },
  {
    id: 'Y101',
    name: 'sum-for-mean',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'the sum of the losses for their mean',
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: batchOf([
      [0, 0],
      [0, 0],
    ]),
    kernel: only('crossEntropy', { mean: sumOf }),
  },
  {
    id: 'Y102',
    name: 'mean-in-half',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropy',
    fault: 'the loss goes through FP16, which ends at 65,504',
    bucket: 'crossEntropy/infinite/underflow',
    counterexample: batchOf([[0, -65520]], [1]),
    kernel: only('crossEntropy', {
      mean: (losses) => {
        const mean = f32(sumOf(losses) / losses.length);
        return mean >= 65520 ? Number.POSITIVE_INFINITY : mean;
      },
    }),
  },
  {
    id: 'Y103',
    name: 'loss-of-11-bits',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'the losses of the rows are stored with 11 bits',
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: batchOf([[0, 0]]),
    kernel: only('crossEntropy', { loss: (...step) => roundedTo(11, lossOf(...step)) }),
  },
  {
    id: 'Y104',
    name: 'target-without-row-offset',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: "every row reads its target's logit in the first row",
    bucket: 'crossEntropy/out-of-range/ordinary',
    counterexample: batchOf([[1], [0]]),
    kernel: only('crossEntropy', {
      loss: ({ batch }, target, max, sum, steps) => -steps.logProbability(batch[target], max, sum, steps),
    }),
  },
  {
    id: 'Y105',
    name: 'target-of-8-bits',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropy',
    fault: 'targets as unsigned integers of 8 bits: class 256 is class 0',
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: batchOf([[...new Array<number>(256).fill(0), 1]], [256]),
    kernel: only('crossEntropy', { loss: withTarget((target) => target & 255) }),
  },
  {
    id: 'Y106',
    name: 'last-class-ignored',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'the last of several classes is taken for the padding class: no loss',
    bucket: 'crossEntropy/zeroed/ordinary',
    counterexample: batchOf([[0, 0]], [1]),
    kernel: only('crossEntropy', { loss: ignoring((target, n) => n > 1 && target === n - 1) }),
  },
  {
    id: 'Y107',
    name: 'class-0-ignored',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'class 0 is taken for the padding class: no loss',
    bucket: 'crossEntropy/zeroed/ordinary',
    counterexample: batchOf([[0, 0]]),
    kernel: only('crossEntropy', { loss: ignoring((target) => target === 0) }),
  },
  {
    id: 'Y108',
    name: 'class-255-ignored',
    models: 'PaddlePaddle/Paddle#25573',
    difficulty: 'very hard',
    operation: 'crossEntropy',
    fault: 'class 255 is taken for the ignored one of segmentation masks: no loss',
    bucket: 'crossEntropy/zeroed/ordinary',
    counterexample: filled(1, 256, 0, [255]),
    kernel: only('crossEntropy', { loss: ignoring((target) => target === 255) }),
  },
  {
    id: 'Y109',
    name: 'loss-of-the-best',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'the loss of the largest logit for that of the target',
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: batchOf([[0, 1]]),
    kernel: only('crossEntropy', {
      loss: (_row, _target, max, sum, steps) => -steps.logProbability(max, max, sum, steps),
    }),
  },
  {
    id: 'Y110',
    name: 'loss-of-wrong-sign',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'x_t - lse for lse - x_t',
    bucket: 'crossEntropy/out-of-range/ordinary',
    counterexample: batchOf([[0, 0]]),
    kernel: only('crossEntropy', { mean: (losses) => f32(-sumOf(losses) / losses.length) }),
  },
  {
    id: 'Y111',
    name: 'probability-clipped',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'the logarithm of a probability clipped to [1e-7, 1 - 1e-7]',
    bucket: 'crossEntropy/inaccurate/ordinary',
    counterexample: batchOf([[0]]),
    kernel: only('crossEntropy', {
      loss: ({ x }, target, max, sum, { exp, shift, divide, log }) =>
        -log(f32(Math.min(1 - 1e-7, Math.max(1e-7, divide(exp(shift(x[target], max)), sum))))),
    }),
  },
  {
    id: 'Y112',
    name: 'naive-loss',
    models: null,
    difficulty: 'easy',
    operation: 'crossEntropy',
    fault: 'minus the logarithm of the probability, which underflows',
    bucket: 'crossEntropy/infinite/underflow',
    counterexample: batchOf([[0, -104]], [1]),
    kernel: only('crossEntropy', {
      loss: ({ x }, target, max, sum, { exp, shift, divide, log }) =>
        -log(divide(exp(shift(x[target], max)), sum)),
    }),
  },
]);
