/** Logarithms of sums and of probabilities. */
import { batchOf } from '../../core/batch.ts';
import type { Format } from '../../formats/format.ts';
import { bf16, fp16 } from '../../formats/index.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { type Reduced, right, type Steps } from '../steps.ts';
import { roundedTo } from './parts.ts';

const f32 = Math.fround;

const isInfinite = (x: number): boolean => Math.abs(x) === Number.POSITIVE_INFINITY;

/** The logarithm of a probability to which a number is added; `round` is what is done to numbers in between. */
export const moreUnderLog = (epsilon: number, round = f32): Hypothesis => ({
  words: `adds ${epsilon} under the logarithm of the softmax`,
  changes: {
    logProbability: (i, { weights, sum }) => round(Math.log(round(round(weights[i] / sum) + round(epsilon)))),
  },
  witness: () => batchOf([[0, -40]], [1]),
});

/** A logsumexp that is kept in a narrower format, and of which answers are made. */
const storedIn = ({ name, round }: Format): Hypothesis => {
  const stored: Steps['logSumExp'] = (...step) => round(right.logSumExp(...step));
  const log = (i: number, { x, max, logSum }: Reduced): number => f32(x[i] - stored(max, logSum));
  const probability = (i: number, row: Reduced): number => right.exp(log(i, row));
  return {
    words: `stores the logsumexp in ${name.toUpperCase()}`,
    changes: { logProbability: log, logSumExp: stored, probability, saved: probability },
    witness: () => batchOf([[0, 0]]),
  };
};

/** A softmax that is kept in a narrower format, and of which losses and gradients are made. */
const ofStoredSoftmax = ({ name, round }: Format): Hypothesis => {
  const stored: Steps['saved'] = (...step) => round(right.saved(...step));
  return {
    words: `stores the softmax in ${name.toUpperCase()}, and makes logarithms and gradients of it`,
    changes: { logProbability: (...step) => f32(Math.log(stored(...step))), saved: stored },
    witness: () => batchOf([[0, 1]]),
  };
};

/** A logarithm of the softmax that is kept in a narrower format, and of which gradients are made. */
const ofStoredLogSoftmax = ({ name, round }: Format): Hypothesis => ({
  words: `stores the logarithm of the softmax in ${name.toUpperCase()}, and makes gradients of it`,
  changes: { saved: (...step) => right.exp(round(right.logProbability(...step))) },
  witness: () => batchOf([[0, 1]], [1]),
});

/** The simplest first. */
export const logarithms: readonly Hypothesis[] = [
  {
    words: 'takes the logarithm of the rounded softmax',
    changes: { logProbability: (i, { weights, sum }) => f32(Math.log(f32(weights[i] / sum))) },
    witness: () => batchOf([[0, -104]], [1]),
  },
  {
    words: 'subtracts a rounded logsumexp from the logit',
    changes: {
      logProbability: (i, { x, max, logSum }) => f32(x[i] - f32(max + logSum)),
      saved: (i, { x, max, logSum }) => f32(Math.exp(f32(x[i] - f32(max + logSum)))),
    },
    witness: () => batchOf([[1e8, 1e8]]),
  },
  ...[1e-5, 1e-7, 1e-8, 1e-10, 1e-12].map((epsilon) => moreUnderLog(epsilon)),
  {
    words: 'takes log2 for the natural logarithm',
    changes: { log: (sum) => f32(Math.log2(sum)) },
    witness: () => batchOf([[0, 0]]),
  },
  {
    words: 'takes 0.69 for ln 2 in the logarithm',
    changes: { log: (sum) => f32(f32(Math.log2(sum)) * 0.69) },
    witness: () => batchOf([[0, 0]]),
  },
  {
    words: 'has the logarithm of the sum to 12 bits',
    changes: { log: (sum) => roundedTo(12, Math.log(sum)) },
    witness: () => batchOf([[0, 0]]),
  },
  ...[fp16, bf16].map(storedIn),
  ...[fp16, bf16].map(ofStoredSoftmax),
  ...[fp16, bf16].map(ofStoredLogSoftmax),
  {
    words: 'takes the logarithm of 1 and of the exponentials below 1: further copies of the maximum are lost',
    changes: {
      terms: (weights) => {
        const below = weights.filter((weight) => weight < 1);
        return below.length === weights.length ? weights : Float32Array.of(1, ...below);
      },
    },
    witness: () => batchOf([[0, 0]]),
  },
  {
    words: 'does not add the maximum to the logarithm of the sum',
    changes: { logSumExp: (max, logSum) => (isInfinite(max) ? max : logSum) },
    witness: () => batchOf([[1]]),
  },
  {
    words: 'does not add a maximum of over 1000 to the logarithm of the sum',
    changes: {
      logSumExp: (max, logSum) => (max > 1000 && !isInfinite(max) ? logSum : right.logSumExp(max, logSum)),
    },
    witness: () => batchOf([[1001]]),
  },
  {
    words: 'has NaN for the logsumexp of a row that is masked throughout',
    changes: {
      logSumExp: (max, logSum) =>
        max === Number.NEGATIVE_INFINITY ? Number.NaN : right.logSumExp(max, logSum),
    },
    witness: () => batchOf([[Number.NEGATIVE_INFINITY]]),
  },
  {
    words: 'has NaN for the logsumexp of a row with +Infinity',
    changes: {
      logSumExp: (max, logSum) =>
        max === Number.POSITIVE_INFINITY ? Number.NaN : right.logSumExp(max, logSum),
    },
    witness: () => batchOf([[Number.POSITIVE_INFINITY]]),
  },
];
