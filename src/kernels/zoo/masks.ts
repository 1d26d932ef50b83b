/** Masked logits, -Infinity, taken for a finite number, or for a reason to give the row up. */
import { batchOf } from '../../core/batch.ts';
import { MAX_FINITE } from '../../float32/constants.ts';
import { inClass } from './entry.ts';
import { exp32, f32, maxOf, only, type Row, type Steps } from './parts.ts';

const MASKED = Number.NEGATIVE_INFINITY;

/** Steps that read `value` for -Infinity. */
function maskedAs(value: number): Partial<Steps> {
  const read = (x: number): number => (x === MASKED ? value : x);
  return {
    max: ({ x }) => maxOf(x.map(read)),
    shift: (x, max) => f32(read(x) - max),
  };
}

/** The step that answers 0 for a row that looks masked. */
const zeroWhere =
  (looksMasked: (row: Row) => boolean): Steps['probabilities'] =>
  (weights, sum, row, { divide }) =>
    looksMasked(row) ? weights.fill(0) : weights.map((weight) => divide(weight, sum));

export const maskFaults = inClass('masks', [
  {
    id: 'Z13',
    name: 'exp-clamped-at-87',
    models: 'funes#160',
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'e^d is never below 2^-126: a masked class keeps a probability',
    bucket: 'softmax/special-value/masked',
    counterexample: batchOf([[0, MASKED]]),
    kernel: only('softmax', { exp: (d) => exp32(Math.max(d, -87.33654)) }),
  },
  {
    id: 'Z47',
    name: 'mask-of-minus-1e4',
    models: 'ohdearquant/lattice#373',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'a masked logit is -1e4: scores below it lose to the mask',
    bucket: 'softmax/zeroed/low-offset',
    counterexample: batchOf([[-10104, MASKED]]),
    kernel: only('softmax', maskedAs(-1e4)),
  },
  {
    id: 'Y20',
    name: 'mask-of-minus-1e9',
    models: null,
    difficulty: 'medium',
    operation: 'logSoftmax',
    fault: 'a masked logit is -1e9, and so is its log-probability',
    bucket: 'logSoftmax/special-value/masked',
    counterexample: batchOf([[0, MASKED]]),
    kernel: only('logSoftmax', maskedAs(-1e9)),
  },
  {
    id: 'Y21',
    name: 'mask-of-lowest-float',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'a masked logit is the lowest float, which a score may be too',
    bucket: 'softmax/special-value/low-offset',
    counterexample: batchOf([[-MAX_FINITE, MASKED]]),
    kernel: only('softmax', maskedAs(-MAX_FINITE)),
  },
  {
    id: 'Y22',
    name: 'masked-if-any',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'a row with a masked logit is taken for one of nothing else',
    bucket: 'softmax/zeroed/masked',
    counterexample: batchOf([[0, MASKED]]),
    kernel: only('softmax', { probabilities: zeroWhere(({ x }) => x.includes(MASKED)) }),
  },
  {
    id: 'Y23',
    name: 'masked-if-first',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'a row whose first logit is masked is taken for one of nothing else',
    bucket: 'softmax/zeroed/masked',
    counterexample: batchOf([[MASKED, 0]]),
    kernel: only('softmax', { probabilities: zeroWhere(({ x }) => x[0] === MASKED) }),
  },
  {
    id: 'Y24',
    name: 'masked-if-very-low',
    models: 'tracel-ai/burn#4697',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'a row with a maximum below -1e4 is taken for a masked one',
    bucket: 'softmax/zeroed/low-offset',
    counterexample: batchOf([[-10001]]),
    kernel: only('softmax', { probabilities: zeroWhere(({ x }) => maxOf(x) < -1e4) }),
  },
  {
    id: 'Y25',
    name: 'loss-at-most-100',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'a row loses 100 at most, whatever its target is',
    bucket: 'crossEntropy/inaccurate/underflow',
    counterexample: batchOf([[0, -101]], [1]),
    kernel: only('crossEntropy', {
      loss: ({ x }, target, max, sum, steps) =>
        Math.min(100, -steps.logProbability(x[target], max, sum, steps)),
    }),
  },
  {
    id: 'Y26',
    name: 'masked-target-free',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'a masked target costs nothing',
    bucket: 'crossEntropy/special-value/masked',
    counterexample: batchOf([[0, MASKED]], [1]),
    kernel: only('crossEntropy', {
      loss: ({ x }, target, max, sum, steps) =>
        x[target] === MASKED ? 0 : -steps.logProbability(x[target], max, sum, steps),
    }),
  },
]);
