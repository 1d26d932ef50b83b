/** Right answers, given in a way that a caller cannot build upon: state between calls, memory of others, the company of a row. */
import { batchOf } from '../../core/batch.ts';
import { filled, inClass } from './entry.ts';
import { complete, only, type Steps, sumOf } from './parts.ts';
import { pairwiseSum } from './sums.ts';

const { softmax, logSoftmax } = complete();

/** A sum in the order of memory every other time, and backwards in between, as threads that race to an accumulator. */
function racingSum(): Steps['sum'] {
  let calls = 0;
  return (weights) => sumOf(calls++ % 2 === 0 ? weights : weights.slice().reverse());
}

/** The softmax that answers in memory of its own, call after call. */
function softmaxInOneBuffer(): typeof softmax {
  let buffer = new Float32Array();
  return (logits, rows, cols) => {
    if (buffer.length !== logits.length) buffer = new Float32Array(logits.length);
    buffer.set(softmax(logits, rows, cols));
    return buffer;
  };
}

/** How many logits of a row come before the next boundary of 16 bytes. */
function misaligned(x: Float32Array): number {
  return Math.min(x.length, (4 - ((x.byteOffset / 4) % 4)) % 4);
}

export const lawFaults = inClass('laws', [
  {
    id: 'L03',
    name: 'writes-behind-the-logits',
    models: 'ggml-org/llama.cpp#3194',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'the logits are padded to a multiple of 4 where they are, over what comes behind them',
    bucket: 'softmax/mutated-input/view',
    counterexample: batchOf([[0]]),
    kernel: {
      softmax(logits, rows, cols) {
        const behind = logits.byteOffset + logits.byteLength;
        const padding = (4 - (logits.length % 4)) % 4;
        if (behind + 4 * padding <= logits.buffer.byteLength)
          new Float32Array(logits.buffer, behind, padding).fill(Number.NEGATIVE_INFINITY);
        return softmax(logits, rows, cols);
      },
    },
  },
  {
    id: 'L08',
    name: 'misaligned-head-twice',
    models: 'pytorch/pytorch#122970',
    difficulty: 'hard',
    operation: 'logSumExp',
    fault: 'the logits before the first aligned address are added twice, in views at an odd offset',
    bucket: 'logSumExp/invariance/view',
    counterexample: batchOf([[0]]),
    kernel: only('logSumExp', {
      sum: (weights, { x, r }) => {
        const sum = sumOf(weights);
        return r === 0 ? Math.fround(sum + sumOf(weights.subarray(0, misaligned(x)))) : sum;
      },
    }),
  },
  {
    id: 'L11',
    name: 'sum-order-by-rows',
    models: 'keras-team/keras#13328',
    difficulty: 'hard',
    operation: 'softmax',
    declaration: { profile: 'sequential', batchInvariant: true },
    fault:
      'a row alone is added pairwise, rows together one logit after the other, and the same bits are promised',
    bucket: 'softmax/invariance/batch-invariant',
    counterexample: batchOf([
      [0, 0, 0, 0],
      [0, 2, 0, 0],
    ]),
    kernel: only('softmax', {
      sum: (weights, { rows }) => (rows === 1 ? pairwiseSum(weights) : sumOf(weights)),
    }),
  },
  {
    id: 'Y150',
    name: 'answers-in-one-buffer',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'the answer is in memory that the next call writes over',
    bucket: 'softmax/invariance/fresh-answer',
    counterexample: batchOf([[0, 0]]),
    kernel: { softmax: softmaxInOneBuffer() },
  },
  {
    id: 'Y151',
    name: 'reads-the-whole-buffer',
    models: null,
    difficulty: 'medium',
    operation: 'logSoftmax',
    fault: 'the buffer behind the logits is read from its beginning, wherever their view begins',
    bucket: 'logSoftmax/invariance/view',
    counterexample: batchOf([[0]]),
    kernel: {
      logSoftmax: (logits, rows, cols) =>
        logSoftmax(new Float32Array(logits.buffer, 0, logits.length), rows, cols),
    },
  },
  {
    id: 'Y152',
    name: 'nan-for-all-rows',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'NaN anywhere in the batch is NaN for every row',
    bucket: 'softmax/invariance/nan-isolation',
    counterexample: filled(2, 1, 0),
    kernel: only('softmax', {
      max: ({ x, batch }) => Math.max(...x, batch.some(Number.isNaN) ? Number.NaN : x[0]),
    }),
  },
  {
    id: 'Y153',
    name: 'racing-sum',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'the order of the sum changes from call to call',
    bucket: 'softmax/nondeterministic',
    counterexample: batchOf([[0, 0, 1]]),
    kernel: only('softmax', { sum: racingSum() }),
  },
]);
