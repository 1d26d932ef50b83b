/** The sum of the exponentials, and the division by it. */
import { batchOf } from '../../core/batch.ts';
import { filled, inClass } from './entry.ts';
import { f32, only, roundedTo, sumOf } from './parts.ts';

/** Neighbors added in rounds; what is left over in a round is dropped. */
function lossyPairwiseSum(values: Float32Array): number {
  if (values.length < 2) return sumOf(values);
  const pairs = new Float32Array(values.length >> 1);
  return lossyPairwiseSum(pairs.map((_, i) => values[2 * i] + values[2 * i + 1]));
}

/** A sum of integer multiples of 2^-24 in 32 bits, which wraps at 256. */
function fixedPointSum(values: Float32Array): number {
  return values.reduce((sum, value) => (sum + Math.round(value * 2 ** 24)) >>> 0, 0) * 2 ** -24;
}

export const summationFaults = inClass('summation', [
  {
    id: 'Z23',
    name: 'sum-in-half',
    models: 'microsoft/onnxruntime#24577',
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the sum is rounded to 11 bits at each step',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 1]]),
    kernel: only('softmax', { sum: (weights) => weights.reduce((sum, w) => roundedTo(11, sum + w), 0) }),
  },
  {
    id: 'Z25',
    name: 'sum-sequential',
    models: 'scipy/scipy#18295',
    difficulty: 'very hard',
    operation: 'softmax',
    declaration: { profile: 'default' },
    fault:
      'one FP32 accumulator where lanes are declared: e^-17.3 vanishes beside 1, however often it is added',
    bucket: 'softmax/inaccurate/ordinary/warning',
    counterexample: batchOf([[0, 7, ...new Array<number>(17).fill(0)]]),
    kernel: only('softmax', {}),
  },
  {
    id: 'Y50',
    name: 'weights-in-half',
    models: null,
    difficulty: 'medium',
    operation: 'logSumExp',
    fault: 'the exponentials are stored with 11 bits',
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: batchOf([[0, 1]]),
    kernel: only('logSumExp', { sum: (weights) => sumOf(weights.map((w) => roundedTo(11, w))) }),
  },
  {
    id: 'Y51',
    name: 'sum-without-last',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the last of several exponentials is not added',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 0]]),
    kernel: only('softmax', {
      sum: (weights) => sumOf(weights.subarray(0, Math.max(1, weights.length - 1))),
    }),
  },
  {
    id: 'Y52',
    name: 'sum-by-pairs-drops-odd',
    models: null,
    difficulty: 'medium',
    operation: 'logSoftmax',
    fault: 'neighbors are added in rounds, and what is left over in a round is dropped',
    bucket: 'logSoftmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 0, 0]]),
    kernel: only('logSoftmax', { sum: lossyPairwiseSum }),
  },
  {
    id: 'Y53',
    name: 'sum-carried-over',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the accumulator is not reset before the second row',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0], [0]]),
    kernel: only('softmax', {
      sum: (weights, { r }) => f32(sumOf(weights) + (r === 1 ? 1 : 0)),
    }),
  },
  {
    id: 'Y54',
    name: 'sum-without-small',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'exponentials below 1e-6 are not added, though there may be many',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[14, 0]]),
    kernel: only('softmax', { sum: (weights) => sumOf(weights.filter((w) => !(w < 1e-6))) }),
  },
  {
    id: 'Y55',
    name: 'sum-plus-epsilon',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'divided by the sum + 1e-6',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0]]),
    kernel: only('softmax', { divide: (weight, sum) => f32(weight / f32(sum + 1e-6)) }),
  },
  {
    id: 'Y56',
    name: 'reciprocal-of-12-bits',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'multiplied by a reciprocal of 12 bits, without a step of Newton',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 1]]),
    kernel: only('softmax', { divide: (weight, sum) => f32(weight * roundedTo(12, 1 / sum)) }),
  },
  {
    id: 'Y57',
    name: 'sum-in-fixed-point',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'the sum in 8.24 fixed point wraps at 256',
    bucket: 'softmax/infinite/ordinary',
    counterexample: filled(1, 256, 0),
    kernel: only('softmax', { sum: fixedPointSum }),
  },
  {
    id: 'Y58',
    name: 'softmax-by-logsumexp',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'e^(x - lse), whose error is that of a rounded lse (SciPy up to 1.4.1)',
    bucket: 'softmax/inaccurate/exp-overflow',
    counterexample: batchOf([[89, 89]]),
    kernel: only('softmax', {
      probabilities: (_weights, sum, row, steps) => {
        const lse = steps.logSumExp(steps.max(row), sum, steps);
        return row.x.map((x) => steps.exp(f32(x - lse)));
      },
    }),
  },
  {
    id: 'Y59',
    name: 'second-of-two-from-first',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'of two classes the second gets 1 - p of the first',
    bucket: 'softmax/zeroed/ordinary',
    counterexample: batchOf([[17, 0]]),
    kernel: only('softmax', {
      probabilities: (weights, sum, _row, { divide }) =>
        weights.length === 2
          ? Float32Array.of(divide(weights[0], sum), 1 - divide(weights[0], sum))
          : weights.map((weight) => divide(weight, sum)),
    }),
  },
]);
