/** The square of lse in a loss, and what is upstream of its gradient. */
import { fp16 } from '../../formats/index.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { maxOf, oneRow, sumOf, twoRows, withLosses, withLossGradients } from '../loss-kernels.ts';
import { floats } from './parts.ts';

const f32 = Math.fround;

const zLoss: readonly Hypothesis[] = [
  {
    words: 'leaves out zLoss',
    witness: twoRows({ zLoss: 1 }),
    ...withLosses(() => ({ hasSquare: () => false })),
  },
  {
    words: 'has half of the gradient of zLoss',
    witness: twoRows({ zLoss: 1 }),
    ...withLossGradients((steps) => ({ ofSquare: (lse, call) => steps.ofSquare(lse, call) / 2 })),
  },
  {
    words: 'has lse itself for its square in zLoss',
    witness: oneRow({ zLoss: 1 }),
    ...withLosses(() => ({
      square: (lse, _r, { options: { zLoss: factor = 0 } }) => f32(factor * Math.abs(lse)),
      ofSquare: (lse, { options: { zLoss: factor = 0 } }) => factor * Math.sign(lse),
    })),
  },
  {
    words: 'leaves lse out of the gradient of zLoss',
    witness: oneRow({ zLoss: 1 }),
    ...withLossGradients((steps) => ({ ofSquare: (_lse, call) => steps.ofSquare(1, call) })),
  },
  {
    words: 'subtracts 1 at the target in the gradient of zLoss too',
    witness: oneRow({ zLoss: 1 }),
    ...withLossGradients(() => ({ ofLse: (p, j, r, { targets }) => (j === targets[r] ? f32(p - 1) : p) })),
  },
  {
    words: 'leaves the maximum out of the lse of zLoss',
    witness: oneRow({ zLoss: 1 }),
    ...withLosses(() => ({ lse: (lse, r, call) => f32(lse - maxOf(r, call)) })),
  },
  {
    words: 'does not divide zLoss by the number of rows',
    witness: twoRows({ zLoss: 1 }),
    ...withLosses(() => ({ count: () => 1 })),
  },
  {
    words: 'divides zLoss by the weights of the targets',
    witness: oneRow({ classWeights: floats(2, 1), zLoss: 1 }),
    ...withLosses((steps) => ({ count: (call) => steps.divisor(call) })),
  },
  {
    words: 'multiplies zLoss by the weight of the target',
    witness: oneRow({ classWeights: floats(2, 1), zLoss: 1 }),
    ...withLosses((steps) => ({
      square: (lse, r, call) => f32(steps.weight(call.targets[r], r, call) * steps.square(lse, r, call)),
    })),
  },
];

const upstream: readonly Hypothesis[] = [
  {
    words: 'leaves out what is upstream of the loss',
    witness: twoRows({ upstream: 2 }),
    ...withLosses(() => ({ upstream: () => 1 })),
  },
  {
    words: 'takes the upstream value of the first row for all rows',
    witness: twoRows({ reduction: 'none', upstream: floats(1, 2) }),
    ...withLosses((steps) => ({ upstream: (_r, call) => steps.upstream(0, call) })),
  },
  {
    words: 'takes the mean of the upstream values for each row',
    witness: twoRows({ reduction: 'none', upstream: floats(1, 2) }),
    ...withLosses((steps) => ({
      upstream(r, call) {
        const given = call.options.upstream;
        return typeof given === 'object' ? f32(sumOf(given) / call.rows) : steps.upstream(r, call);
      },
    })),
  },
  {
    words: 'multiplies by the upstream value of the loss twice',
    witness: twoRows({ upstream: 2 }),
    ...withLosses((steps) => ({ upstream: (r, call) => f32(steps.upstream(r, call) ** 2) })),
  },
  {
    words: 'leaves the sign of the upstream value of the loss out',
    witness: twoRows({ upstream: -1 }),
    ...withLosses((steps) => ({ upstream: (r, call) => Math.abs(steps.upstream(r, call)) })),
  },
  {
    words: 'takes an upstream value of 0 for none',
    witness: twoRows({ upstream: 0 }),
    ...withLosses((steps) => ({ upstream: (r, call) => steps.upstream(r, call) || 1 })),
  },
  {
    words: 'stores the upstream value of the loss in FP16',
    witness: twoRows({ upstream: 0.1 }),
    ...withLosses((steps) => ({ upstream: (r, call) => fp16.round(steps.upstream(r, call)) })),
  },
  {
    words: 'leaves the upstream value out of the part of zLoss',
    witness: oneRow({ zLoss: 1, upstream: 2 }),
    ...withLosses(() => ({ upstreamOfSquare: () => 1 })),
  },
];

/** Every one, the simplest of an option first. */
export const zLosses: readonly Hypothesis[] = [...upstream, ...zLoss];
