/** Sums in one pass with a running maximum, and sums of parts that are merged. */
import { batchOf } from '../../core/batch.ts';
import { filled, inClass } from './entry.ts';
import { exp32, f32, maxOf, only, type Steps, sumOf } from './parts.ts';
import { type OnlineSteps, onlineSum } from './sums.ts';

/** The sum of a row in one pass, four logits at a time. */
const inBlocks =
  (changes: Partial<OnlineSteps>): Steps['sum'] =>
  (_weights, { x }) =>
    onlineSum({ block: 4, ...changes })(x);

/** Sum of e^(x - max) over logits, and their maximum. */
interface Part {
  readonly max: number;
  readonly sum: number;
}

/** The quarters of a row, those without logits left out. */
function quarters(x: Float32Array): Part[] {
  const size = Math.ceil(x.length / 4);
  const parts = Array.from({ length: 4 }, (_, i) => x.subarray(i * size, (i + 1) * size));
  return parts
    .filter((part) => part.length > 0)
    .map((part) => {
      const max = maxOf(part);
      const sum = max === Number.NEGATIVE_INFINITY ? 0 : sumOf(part.map((each) => exp32(f32(each - max))));
      return { max, sum };
    });
}

export const onlineFaults = inClass('online', [
  {
    id: 'Z32',
    name: 'online-first-block-masked',
    models: 'flashinfer-ai/flashinfer#1178',
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'a first block of four that is all masked: -Infinity minus -Infinity',
    bucket: 'softmax/nan/masked',
    counterexample: batchOf([[...new Array<number>(4).fill(Number.NEGATIVE_INFINITY), 0]]),
    kernel: only('softmax', { sum: inBlocks({ skips: () => false }) }),
  },
  {
    id: 'Z34',
    name: 'online-without-rescale',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the sum so far is kept when a later block of four raises the maximum',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 0, 0, 0, 1]]),
    kernel: only('softmax', { sum: inBlocks({ rescale: () => 1 }) }),
  },
  {
    id: 'Z35',
    name: 'online-rescale-inverted',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the sum so far is multiplied by e^(new - old)',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 0, 0, 0, 1]]),
    kernel: only('softmax', {
      sum: inBlocks({
        rescale: (old, max) => (old === Number.NEGATIVE_INFINITY ? 0 : exp32(f32(max - old))),
      }),
    }),
  },
  {
    id: 'Y60',
    name: 'online-rescale-if-much',
    models: null,
    difficulty: 'medium',
    operation: 'logSumExp',
    fault: 'the sum so far is rescaled only where the maximum rises by over 1/16',
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: batchOf([[0, 0, 0, 0, 0.06]]),
    kernel: only('logSumExp', {
      sum: inBlocks({ rescale: (old, max) => (max - old > 1 / 16 ? exp32(f32(old - max)) : 1) }),
    }),
  },
  {
    id: 'Y61',
    name: 'online-rescale-in-whole-steps',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'the factor takes the rise of the maximum for a whole number',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[0, 0, 0, 0, 0.5]]),
    kernel: only('softmax', {
      sum: inBlocks({ rescale: (old, max) => exp32(-Math.ceil(max - old)) }),
    }),
  },
  {
    id: 'Y62',
    name: 'online-short-block-left-out',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'a short last block of four is left out',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: filled(1, 5, 0),
    kernel: only('softmax', {
      sum: (_weights, { x }) => {
        const full = x.length >= 4 ? x.subarray(0, x.length & ~3) : x;
        return onlineSum({ block: 4 })(full);
      },
    }),
  },
  {
    id: 'Z36',
    name: 'merge-in-another-base',
    models: 'sgl-project/sglang#40903',
    difficulty: 'easy',
    operation: 'logSumExp',
    fault: 'logsumexps of blocks of four, to base 2, merged with natural exponentials',
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: filled(1, 5, 0),
    kernel: only('logSumExp', {
      sum: (_weights, { x }, max) => {
        if (x.length <= 4) return onlineSum()(x);
        const lses: number[] = [];
        for (let start = 0; start < x.length; start += 4)
          lses.push(Math.log2(sumOf(x.subarray(start, start + 4).map((each) => exp32(f32(each - max))))));
        return sumOf(Float32Array.from(lses, exp32));
      },
    }),
  },
  {
    id: 'Y63',
    name: 'merge-to-first-max',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the quarters of a row are merged relative to the maximum of the first',
    bucket: 'softmax/zeroed/exp-overflow',
    counterexample: batchOf([[0, 89]]),
    kernel: only('softmax', {
      sum: (_weights, { x }, max) => {
        const parts = quarters(x);
        const first = parts[0].max;
        const merged = sumOf(Float32Array.from(parts, (part) => part.sum * exp32(f32(part.max - first))));
        return f32(merged * exp32(f32(first - max)));
      },
    }),
  },
  {
    id: 'Y64',
    name: 'merge-of-masked-parts',
    models: 'sgl-project/sglang#40903',
    difficulty: 'very hard',
    operation: 'softmax',
    fault:
      'of the quarters of a row the first two are merged, both of them masked: -Infinity minus -Infinity',
    bucket: 'softmax/nan/masked',
    counterexample: batchOf([[Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]]),
    kernel: only('softmax', {
      sum: (_weights, { x }) =>
        quarters(x).reduce((a, b) => {
          const max = Math.max(a.max, b.max);
          const scaled = ({ max: own, sum }: Part): number => f32(sum * exp32(f32(own - max)));
          return { max, sum: f32(scaled(a) + scaled(b)) };
        }).sum,
    }),
  },
  {
    id: 'Y65',
    name: 'log-add-exp-in-turn',
    models: null,
    difficulty: 'hard',
    operation: 'logSumExp',
    fault: 'log(e^a + e^b) one logit after another: each step rounds to a place of the maximum',
    bucket: 'logSumExp/inaccurate/high-offset',
    counterexample: batchOf([
      [1048574, 1048574, 1048575.5, 1048575.5, 1048575.5, 1048574, 1048574, 1048574, 1048574],
    ]),
    kernel: only('logSumExp', {
      logSumExp: (_max, sum) => sum,
      sum: (_weights, { x }) =>
        x.reduce((a, b) => {
          const max = Math.max(a, b);
          if (Math.abs(max) === Number.POSITIVE_INFINITY) return max;
          return f32(max + Math.log1p(Math.exp(Math.min(a, b) - max)));
        }),
    }),
  },
]);
