/** A maximum that starts from a finite number: rows below it are divided by what is left of their exponentials. */
import { batchOf } from '../../core/batch.ts';
import { MAX_FINITE, MIN_NORMAL } from '../../float32/constants.ts';
import { nextUp } from '../../float32/ordinal.ts';
import { inClass } from './entry.ts';
import { maxOf, only, type Row } from './parts.ts';

/** The maximum that starts from `start`. */
const from =
  (start: number) =>
  ({ x }: Row): number =>
    Math.max(start, maxOf(x));

/** The largest but for NaNs, as C's fmax has it; `start` of NaNs alone. */
const withoutNaN =
  (start: number) =>
  (row: Row): number =>
    from(start)({ ...row, x: row.x.filter((each) => !Number.isNaN(each)) });

export const sentinelFaults = inClass('sentinels', [
  {
    id: 'Z02',
    name: 'max-from-zero',
    models: 'FluxML/NNlib.jl#43',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'the maximum starts from 0',
    bucket: 'softmax/nan/exp-underflow',
    counterexample: batchOf([[-104]]),
    kernel: only('softmax', { max: from(0) }),
  },
  {
    id: 'Z03',
    name: 'max-from-flt-min',
    models: 'mit-han-lab/tinyengine#107',
    difficulty: 'hard',
    operation: 'logSoftmax',
    fault: 'the maximum starts from FLT_MIN, which is 2^-126',
    bucket: 'logSoftmax/infinite/exp-underflow',
    counterexample: batchOf([[-104]]),
    kernel: only('logSoftmax', { max: from(MIN_NORMAL) }),
  },
  {
    id: 'Y10',
    name: 'max-from-minus-100',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropy',
    fault: 'the maximum starts from -100',
    bucket: 'crossEntropy/infinite/low-offset',
    counterexample: batchOf([[-204]]),
    kernel: only('crossEntropy', { max: from(-100) }),
  },
  {
    id: 'Y11',
    name: 'max-from-minus-1e4',
    models: null,
    difficulty: 'hard',
    operation: 'logSumExp',
    fault: 'the maximum starts from -1e4',
    bucket: 'logSumExp/infinite/low-offset',
    counterexample: batchOf([[-10104]]),
    kernel: only('logSumExp', { max: from(-1e4) }),
  },
  {
    id: 'Z04',
    name: 'max-from-minus-5e4',
    models: 'flashinfer-ai/flashinfer#4267',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'the maximum starts from -5e4',
    bucket: 'softmax/nan/low-offset',
    counterexample: batchOf([[-50104]]),
    kernel: only('softmax', { max: from(-5e4) }),
  },
  {
    id: 'Y12',
    name: 'max-from-lowest-half',
    models: null,
    difficulty: 'hard',
    operation: 'crossEntropyGrad',
    fault: 'the maximum starts from -65504, the lowest of FP16',
    bucket: 'crossEntropyGrad/nan/low-offset',
    counterexample: batchOf([[-65608]]),
    kernel: only('crossEntropyGrad', { max: from(-65504) }),
  },
  {
    id: 'Y13',
    name: 'max-from-minus-1e30',
    models: null,
    difficulty: 'hard',
    operation: 'logSumExp',
    fault: 'the maximum starts from -1e30',
    bucket: 'logSumExp/infinite/low-offset',
    counterexample: batchOf([[-1e30]]),
    kernel: only('logSumExp', { max: from(-1e30) }),
  },
  {
    id: 'Y14',
    name: 'max-from-minus-3.4e38',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'the maximum starts from -3.4e38, written for the lowest float',
    bucket: 'softmax/nan/low-offset',
    counterexample: batchOf([[-3.401e38]]),
    kernel: only('softmax', { max: from(Math.fround(-3.4e38)) }),
  },
  {
    id: 'Y15',
    name: 'max-from-next-to-lowest',
    models: 'microsoft/onnxruntime#26670',
    difficulty: 'very hard',
    operation: 'logSoftmax',
    fault: 'the maximum starts one place above the lowest float',
    bucket: 'logSoftmax/infinite/low-offset',
    counterexample: batchOf([[-MAX_FINITE]]),
    kernel: only('logSoftmax', { max: from(nextUp(-MAX_FINITE)) }),
  },
  {
    id: 'Z11',
    name: 'nan-row-for-a-masked-one',
    models: 'intel/torch-xpu-ops#5022',
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'the maximum drops NaN, and a row without a maximum is taken for a masked one: 0',
    bucket: 'softmax/special-value/nan',
    counterexample: batchOf([[Number.NaN]]),
    kernel: only('softmax', {
      max: withoutNaN(-MAX_FINITE),
      probabilities: (weights, sum, row, { divide }) =>
        withoutNaN(-MAX_FINITE)(row) === -MAX_FINITE
          ? weights.fill(0)
          : weights.map((weight) => divide(weight, sum)),
    }),
  },
  {
    id: 'Y16',
    name: 'nan-weight-to-zero',
    models: 'ohdearquant/lattice#740',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'the maximum drops NaN and exp(NaN) is 0: the other logits share the row',
    bucket: 'softmax/special-value/nan',
    counterexample: batchOf([[0, Number.NaN]]),
    kernel: only('softmax', {
      max: withoutNaN(Number.NEGATIVE_INFINITY),
      exp: (d) => (Number.isNaN(d) ? 0 : Math.fround(Math.exp(d))),
    }),
  },
  {
    id: 'Y17',
    name: 'lse-of-nan-masked',
    models: null,
    difficulty: 'very hard',
    operation: 'logSumExp',
    fault: 'the maximum drops NaN: of NaN and -Infinity the logsumexp is -Infinity',
    bucket: 'logSumExp/special-value/nan',
    counterexample: batchOf([[Number.NaN]]),
    kernel: only('logSumExp', { max: withoutNaN(Number.NEGATIVE_INFINITY) }),
  },
  {
    id: 'Z44',
    name: 'lse-masked-unguarded',
    models: 'JuliaStats/StatsFuns.jl#100',
    difficulty: 'hard',
    operation: 'logSumExp',
    fault: '-Infinity minus -Infinity in a row of nothing else',
    bucket: 'logSumExp/special-value/all-masked',
    counterexample: batchOf([[Number.NEGATIVE_INFINITY]]),
    kernel: only('logSumExp', {
      logSumExp: (max, sum, { log }) =>
        max === Number.POSITIVE_INFINITY ? max : Math.fround(max + log(sum)),
    }),
  },
  {
    id: 'Z45',
    name: 'lse-infinite-unguarded',
    models: 'ml-explore/mlx#576',
    difficulty: 'hard',
    operation: 'logSumExp',
    fault: '+Infinity minus +Infinity',
    bucket: 'logSumExp/special-value/positive-infinity',
    counterexample: batchOf([[Number.POSITIVE_INFINITY]]),
    kernel: only('logSumExp', {
      logSumExp: (max, sum, { log }) =>
        max === Number.NEGATIVE_INFINITY ? max : Math.fround(max + log(sum)),
    }),
  },
]);
