/** Logarithms of sums and of probabilities. */
import { batchOf } from '../../core/batch.ts';
import { MIN_NORMAL } from '../../float32/constants.ts';
import { inClass } from './entry.ts';
import { f32, only, type Steps } from './parts.ts';

const isInfinite = (x: number): boolean => Math.abs(x) === Number.POSITIVE_INFINITY;

/** The probability of a logit, from which a logarithm is taken. */
function probability(x: number, max: number, sum: number, { exp, shift, divide }: Steps): number {
  return divide(exp(shift(x, max)), sum);
}

export const logarithmFaults = inClass('logarithms', [
  {
    id: 'Z38',
    name: 'log1p-without-ties',
    models: 'scipy/scipy#22607',
    difficulty: 'hard',
    operation: 'logSumExp',
    fault: 'log1p of the sum over the logits that differ from the maximum: its other copies are lost',
    bucket: 'logSumExp/zeroed/ordinary',
    counterexample: batchOf([[0, 0]]),
    kernel: only('logSumExp', {
      sum: (weights) => f32(1 + weights.reduce((sum, w) => (w === 1 ? sum : f32(sum + w)), 0)),
    }),
  },
  {
    id: 'Z40',
    name: 'log-of-softmax',
    models: 'huggingface/transformers.js#812',
    difficulty: 'easy',
    operation: 'logSoftmax',
    fault: 'the logarithm of the probability, which underflows',
    bucket: 'logSoftmax/infinite/underflow',
    counterexample: batchOf([[0, -104]]),
    kernel: only('logSoftmax', {
      logProbability: (x, max, sum, steps) => steps.log(probability(x, max, sum, steps)),
    }),
  },
  {
    id: 'Z41',
    name: 'log-with-epsilon',
    models: 'keras-team/keras#17634',
    difficulty: 'easy',
    operation: 'logSoftmax',
    fault: 'log(p + 1e-8)',
    bucket: 'logSoftmax/inaccurate/ordinary',
    counterexample: batchOf([[5, 0]]),
    kernel: only('logSoftmax', {
      logProbability: (x, max, sum, steps) => steps.log(f32(probability(x, max, sum, steps) + 1e-8)),
    }),
  },
  {
    id: 'Z43',
    name: 'minus-rounded-lse',
    models: 'pytorch/pytorch#11752',
    difficulty: 'easy',
    operation: 'logSoftmax',
    fault: 'x - fl(max + log sum), which forgets the logarithm at large offsets',
    bucket: 'logSoftmax/zeroed/high-offset/warning',
    counterexample: batchOf([[16777216, 16777216]]),
    kernel: only('logSoftmax', {
      logProbability: (x, max, sum, steps) => f32(x - f32(max + steps.log(sum))),
    }),
  },
  {
    id: 'Z49',
    name: 'twice-the-max',
    models: 'tensorflow/ngraph-bridge#76',
    difficulty: 'medium',
    operation: 'logSoftmax',
    fault: '(x - 2 max) + max, where 2 max overflows',
    bucket: 'logSoftmax/nan/high-offset',
    counterexample: batchOf([[2e38]]),
    kernel: only('logSoftmax', { shift: (x, max) => f32(f32(x - f32(2 * max)) + max) }),
  },
  {
    id: 'Z50',
    name: 'subnormals-read-as-zero',
    models: 'tensorflow/tensorflow#62399',
    difficulty: 'very hard',
    operation: 'logSumExp',
    fault: 'logits below 2^-126 are read as 0, and that is not declared',
    bucket: 'logSumExp/zeroed/ordinary/warning',
    counterexample: batchOf([[1e-38]]),
    kernel: only('logSumExp', {
      max: ({ x }) => Math.max(...x.map((each) => (Math.abs(each) < MIN_NORMAL ? 0 : each))),
    }),
  },
  {
    id: 'Z52',
    name: 'lse-not-relative',
    models: 'scipy/scipy#18295',
    difficulty: 'hard',
    operation: 'logSumExp',
    declaration: { profile: 'strict' },
    fault: 'log of the sum where log1p is declared: a logsumexp next to 0 loses its digits',
    bucket: 'logSumExp/zeroed/ordinary/warning',
    counterexample: batchOf([[0, -17]]),
    kernel: only('logSumExp', {}),
  },
  {
    id: 'Y90',
    name: 'lse-with-epsilon',
    models: null,
    difficulty: 'hard',
    operation: 'logSumExp',
    fault: 'log(sum + 1e-6): of one logit the logsumexp is not that logit',
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: batchOf([[0]]),
    kernel: only('logSumExp', { log: (sum) => f32(Math.log(f32(sum + 1e-6))) }),
  },
  {
    id: 'Y91',
    name: 'ln-2-of-two-digits',
    models: null,
    difficulty: 'medium',
    operation: 'logSumExp',
    fault: 'log2 of the sum times 0.69',
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: batchOf([[0, 0]]),
    kernel: only('logSumExp', { log: (sum) => f32(f32(Math.log2(sum)) * 0.69) }),
  },
  {
    id: 'Y92',
    name: 'lse-without-max',
    models: null,
    difficulty: 'medium',
    operation: 'logSumExp',
    fault: 'the maximum is not added again where it is over 1000',
    bucket: 'logSumExp/zeroed/high-offset',
    counterexample: batchOf([[1001]]),
    kernel: only('logSumExp', {
      logSumExp: (max, sum, { log }) => {
        if (isInfinite(max)) return max;
        return max > 1000 ? log(sum) : f32(max + log(sum));
      },
    }),
  },
  {
    id: 'Y93',
    name: 'log-of-small-sums',
    models: null,
    difficulty: 'hard',
    operation: 'logSoftmax',
    fault: 'log(1 + s) is s for s below 2^-6, which is s^2 / 2 too much',
    bucket: 'logSoftmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 5]]),
    kernel: only('logSoftmax', { log: (sum) => (sum < 1 + 2 ** -6 ? f32(sum - 1) : f32(Math.log(sum))) }),
  },
]);
