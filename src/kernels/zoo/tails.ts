/** Lengths: tails behind full vectors, paddings, and paths that only some lengths or numbers of rows take. */
import { batchOf } from '../../core/batch.ts';
import { filled, inClass } from './entry.ts';
import { exp32, f32, maxOf, only, type Steps, sumOf } from './parts.ts';
import { onlineSum } from './sums.ts';

/** The sum of the weights at the indices that are `added`. */
const sumWhere =
  (added: (i: number, n: number) => boolean): Steps['sum'] =>
  (weights) =>
    sumOf(weights.filter((_, i) => added(i, weights.length)));

/** The probabilities, but for the indices that are `left` as their weights. */
const undividedWhere =
  (left: (i: number, n: number, r: number, rows: number) => boolean): Steps['probabilities'] =>
  (weights, sum, { r, rows }, { divide }) =>
    weights.map((weight, i) => (left(i, weights.length, r, rows) ? weight : divide(weight, sum)));

export const tailFaults = inClass('tails', [
  {
    id: 'Z28',
    name: 'padding-joins-max',
    models: 'iree-org/iree#21433',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'a row is padded with 0 to a multiple of 4, and the zeros join the maximum',
    bucket: 'softmax/nan/exp-underflow',
    counterexample: batchOf([[-104]]),
    kernel: only('softmax', { max: ({ x }) => Math.max(x.length % 4 === 0 ? maxOf(x) : 0, maxOf(x)) }),
  },
  {
    id: 'Y70',
    name: 'padding-joins-sum',
    models: null,
    difficulty: 'easy',
    operation: 'logSumExp',
    fault: 'a row is padded to a multiple of 4 with its maximum, which joins the sum',
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: batchOf([[0]]),
    kernel: only('logSumExp', { sum: (weights) => f32(sumOf(weights) + ((4 - (weights.length % 4)) % 4)) }),
  },
  {
    id: 'Z30',
    name: 'tail-without-max',
    models: 'tenstorrent/tt-metal#56074',
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'behind full vectors of 4 the sum has e^x for e^(x - max)',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: batchOf([[1]]),
    kernel: only('softmax', {
      sum: (weights, { x }) => sumOf(weights.map((w, i) => (i < (x.length & ~3) ? w : exp32(x[i])))),
    }),
  },
  {
    id: 'Z31',
    name: 'vectors-without-max',
    models: 'pytorch/pytorch#62897',
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'full vectors of 8 have e^x for e^(x - max), the tail is right',
    bucket: 'softmax/nan/exp-overflow',
    counterexample: batchOf([[0, 0, 0, 0, 0, 0, 0, 89]]),
    kernel: only('softmax', {
      weights: ({ x }, max, { exp, shift }) =>
        x.map((each, i) => exp(i < (x.length & ~7) ? each : shift(each, max))),
    }),
  },
  {
    id: 'L09',
    name: 'last-of-odd-row-undivided',
    models: 'pytorch/pytorch#36485',
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'from the second row on, the last entry of an odd length is not divided',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: filled(2, 3, 0),
    kernel: only('softmax', {
      probabilities: undividedWhere((i, n, r) => r > 0 && n % 2 === 1 && i === n - 1),
    }),
  },
  {
    id: 'Y71',
    name: 'odd-rows-over-512',
    models: 'pytorch/pytorch#147284',
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'odd lengths between 512 and 1024, from the second row on: the last exponential is not added',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: filled(2, 513, 0),
    kernel: only('softmax', {
      sum: (weights, { r }) => {
        const n = weights.length;
        return sumOf(n % 2 === 1 && n > 512 && n < 1024 && r > 0 ? weights.subarray(0, n - 1) : weights);
      },
    }),
  },
  {
    id: 'Y72',
    name: 'looped-from-128',
    models: 'ml-explore/mlx#1467',
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'from 128 logits on, 32 at a time: -Infinity minus -Infinity where the first 32 are masked',
    bucket: 'softmax/nan/masked',
    counterexample: batchOf([
      [...new Array<number>(32).fill(Number.NEGATIVE_INFINITY), ...new Array(96).fill(0)],
    ]),
    kernel: only('softmax', {
      sum: (weights, { x }) =>
        x.length < 128 ? sumOf(weights) : onlineSum({ block: 32, skips: () => false })(x),
    }),
  },
  {
    id: 'Y73',
    name: 'counter-of-8-bits',
    models: null,
    difficulty: 'hard',
    operation: 'logSumExp',
    fault: 'a counter of 8 bits: 127 exponentials are added at most',
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: filled(1, 128, 0),
    kernel: only('logSumExp', { sum: sumWhere((i) => i < 127) }),
  },
  {
    id: 'Y74',
    name: 'lane-31-of-the-tail',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'where 31 logits are left behind full warps of 32, the last one is not added',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: filled(1, 31, 0),
    kernel: only('softmax', { sum: sumWhere((i, n) => !(n % 32 === 31 && i === n - 1)) }),
  },
  {
    id: 'Y75',
    name: 'tail-short-of-a-full-warp',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault:
      'behind full warps of 32, the entries of a tail shorter than 31 are not divided from the second row on',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: filled(2, 33, 0),
    kernel: only('softmax', {
      probabilities: undividedWhere((i, n, r) => r > 0 && n > 32 && n % 32 !== 31 && i >= n - (n % 32)),
    }),
  },
  {
    id: 'Y76',
    name: 'last-full-vector-missed',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'i + 8 < n for i + 8 <= n: a last full vector of 8 is not added',
    bucket: 'softmax/infinite/ordinary',
    counterexample: filled(1, 8, 0),
    kernel: only('softmax', { sum: sumWhere((i, n) => n % 8 !== 0 || i < n - 8) }),
  },
  {
    id: 'Y77',
    name: 'one-class-is-its-logit',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'a row of one logit is returned as it is',
    bucket: 'softmax/zeroed/ordinary',
    counterexample: batchOf([[0]]),
    kernel: only('softmax', {
      probabilities: (weights, sum, { x }, { divide }) =>
        x.length === 1 ? x : weights.map((weight) => divide(weight, sum)),
    }),
  },
  {
    id: 'Y78',
    name: 'third-of-four-rows',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'rows are taken four at a time: of three that are left, the last is not divided',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: filled(3, 2, 0),
    kernel: only('softmax', {
      probabilities: undividedWhere((_i, _n, r, rows) => rows % 4 === 3 && r === rows - 1),
    }),
  },
  {
    id: 'Y79',
    name: 'second-block-of-1024',
    models: null,
    difficulty: 'hard',
    operation: 'logSoftmax',
    fault: 'what is beyond a block of 1024 threads is not added',
    bucket: 'logSoftmax/inaccurate/ordinary',
    counterexample: filled(1, 1025, 0),
    kernel: only('logSoftmax', { sum: sumWhere((i) => i < 1024) }),
  },
  {
    id: 'Y80',
    name: 'beyond-2048',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'rows of over 2048 logits lose their last one from the sum',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: filled(1, 2049, 0),
    kernel: only('softmax', { sum: sumWhere((i, n) => n <= 2048 || i < n - 1) }),
  },
  {
    id: 'Y81',
    name: 'index-of-16-bits',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'an index of 16 bits: the maximum of the first 65,536 logits',
    bucket: 'softmax/nan/exp-overflow',
    counterexample: batchOf([[...new Array<number>(65_536).fill(0), 89]]),
    kernel: only('softmax', { max: ({ x }) => maxOf(x.subarray(0, 65_536)) }),
  },
  {
    id: 'Y82',
    name: 'length-of-16-bits',
    models: null,
    difficulty: 'very hard',
    operation: 'logSumExp',
    fault: 'a length of 16 bits: of 65,536 logits or more, only the rest modulo 65,536 is added',
    bucket: 'logSumExp/infinite/ordinary',
    counterexample: filled(1, 65_536, 0),
    kernel: only('logSumExp', { sum: sumWhere((i, n) => i < n % 65_536) }),
  },
  {
    id: 'Y83',
    name: 'seventeenth-row',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'from the seventeenth row on, nothing is divided',
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: filled(17, 2, 0),
    kernel: only('softmax', { probabilities: undividedWhere((_i, _n, r) => r >= 16) }),
  },
  {
    id: 'Y84',
    name: 'tile-of-128-masked',
    models: 'Dao-AILab/flash-attention#1930',
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'from 256 logits on, in tiles of 128: a masked tile that is not the first resets the maximum',
    bucket: 'softmax/nan/masked',
    counterexample: batchOf([
      [...new Array<number>(128).fill(0), ...new Array<number>(128).fill(Number.NEGATIVE_INFINITY)],
    ]),
    kernel: only('softmax', {
      sum: (weights, { x }) => {
        const tiles = x.length >= 256 ? Math.ceil(x.length / 128) : 0;
        const isMasked = (t: number) =>
          maxOf(x.subarray(t * 128, (t + 1) * 128)) === Number.NEGATIVE_INFINITY;
        for (let t = 1; t < tiles; t++) if (isMasked(t)) return Number.NaN;
        return sumOf(weights);
      },
    }),
  },
  {
    id: 'Y85',
    name: 'beyond-4096-of-the-batch',
    models: null,
    difficulty: 'very hard',
    operation: 'logSumExp',
    fault: 'logits from the 4096th of the batch on are not added: the grid covers no more',
    bucket: 'logSumExp/infinite/ordinary',
    counterexample: filled(4097, 1, 0),
    kernel: only('logSumExp', {
      sum: (weights, { r }) => sumOf(weights.filter((_, i) => r * weights.length + i < 4096)),
    }),
  },
]);
