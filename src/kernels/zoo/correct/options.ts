/** Correct ways to take options. */
import { operations } from '../../../core/operation.ts';
import type { OptionName } from '../../../core/options.ts';
import type { Declaration } from '../../../core/target.ts';
import { toBits } from '../../../float32/bits.ts';
import { MAX_FINITE } from '../../../float32/constants.ts';
import { exp2, fma, LOG2E } from '../exp.ts';
import { completeWithOptions, type OptionRow, type OptionSteps } from '../options/steps.ts';
import { exp32, f32, maxOf, sumOf } from '../parts.ts';
import { laneSum, onlineSum } from '../sums.ts';
import type { Design } from './design.ts';

const { NEGATIVE_INFINITY: MASKED } = Number;

/** A declaration whose operations all take these options. */
function taking(profile: string, ...names: OptionName[]): Declaration {
  return { profile, options: Object.fromEntries(operations.map((operation) => [operation, names])) };
}

/** The same, whose logSumExp takes weights. */
function withWeights({ options = {}, ...others }: Declaration): Declaration {
  const names = options.logSumExp as readonly OptionName[];
  return { ...others, options: { ...options, logSumExp: [...names, 'weights'] } };
}

/** The logit at which scale x is largest, of those that take part. */
function peakOf(row: OptionRow, { mask }: Pick<OptionSteps, 'mask'>): number {
  const live = row.x.filter((_, i) => mask(row, i) !== 0);
  return (row.options.scale ?? 1) < 0 ? -maxOf(live.map((value) => -value)) : maxOf(live);
}

/** Weights of (x - peak) scale: what a kernel has that scales after the subtraction. A difference beyond FP32 stays finite, as a scale may be 0. */
const afterSubtraction: Partial<OptionSteps> = {
  max: (z) => maxOf(z),
  weights(z, _max, row, steps) {
    const { scale = 1 } = row.options;
    const peak = peakOf(row, steps);
    return z.map((each, i) =>
      each === MASKED ? 0 : exp32(f32(Math.max(f32(row.x[i] - peak), -MAX_FINITE) * scale)),
    );
  },
};

/** x scale - max rounded once, where the maximum is that of the rounded products: beyond 2^28 what that loses is no exponent. */
function fusedShift(z: number, max: number, { x, options: { scale = 1 } }: OptionRow, i: number): number {
  return z !== MASKED && Math.abs(max) < 2 ** 28 ? fma(x[i], scale, -max) : f32(z - max);
}

/** A mean loss is of rows that are all read in one way, and beyond 2^28 this is another. */
const ofRows = ['softmax', 'logSoftmax', 'logSumExp', 'softmaxGrad'] as const;

const fusedWithMaximum: Partial<OptionSteps> = {
  weights: (z, max, row) => z.map((each, i) => exp32(fusedShift(each, max, row, i))),
  logProbability: (z, max, sum, row, i) => f32(fusedShift(z, max, row, i) - f32(Math.log(sum))),
};

/** The sum in lanes, the sink last. */
function inLanes(lanes: number): OptionSteps['sum'] {
  return (weights, sinkWeight) => f32(laneSum(lanes)(weights) + sinkWeight);
}

/** A tanh off by 2^-11 at most, as a hash of its argument has it, and never beyond 1, which it is where FP32's is: tanh.approx of a GPU. */
function fastTanh(w: number): number {
  const share = (Math.imul(toBits(w), 0x9e3779b1) >>> 8) / 2 ** 23 - 1;
  const exact = f32(Math.tanh(w));
  if (Math.abs(exact) === 1) return exact;
  return Math.max(-1, Math.min(f32(exact * (1 + share * 2 ** -11.01)), 1));
}

export const optionDesigns: readonly Design[] = [
  {
    name: 'options-in-turn',
    about: 'each option an operation of its own: the kernel that the mutants are made of',
    declaration: withWeights(taking('sequential', 'scale', 'temperature', 'softcap', 'bias', 'mask', 'sink')),
    kernel: completeWithOptions(),
  },
  {
    name: 'options-in-lanes',
    about: 'the same, added in 8 lanes',
    declaration: withWeights(taking('default', 'scale', 'temperature', 'softcap', 'bias', 'mask', 'sink')),
    kernel: completeWithOptions({ sum: inLanes(8) }),
  },
  {
    name: 'temperature-by-its-inverse',
    about: 'x times 1 / temperature, forward and backward',
    declaration: taking('sequential', 'temperature', 'softcap', 'bias', 'mask', 'sink'),
    kernel: completeWithOptions({ divided: (y, t) => f32(y * f32(1 / t)) }),
  },
  {
    name: 'temperature-and-bias-fused',
    about: 'the same, and the bias in one fused multiply-add',
    declaration: taking('sequential', 'temperature', 'bias', 'mask', 'sink'),
    kernel: completeWithOptions({
      shown: (row, i, { bias }) => fma(row.x[i], f32(1 / (row.options.temperature ?? 1)), bias(row, i)),
    }),
  },
  {
    name: 'scale-over-temperature',
    about: 'x times scale / temperature, which is one number',
    declaration: taking('sequential', 'scale', 'temperature', 'bias', 'mask'),
    kernel: completeWithOptions({
      shown(row, i, { added, bias }) {
        const { scale = 1, temperature = 1 } = row.options;
        return added(f32(row.x[i] * f32(scale / temperature)), bias(row, i));
      },
    }),
  },
  {
    name: 'scale-and-bias-fused',
    about: 'scale and bias in one fused multiply-add',
    declaration: taking('sequential', 'scale', 'bias', 'mask', 'sink'),
    kernel: completeWithOptions({
      shown: (row, i, { bias }) => fma(row.x[i], row.options.scale ?? 1, bias(row, i)),
    }),
  },
  {
    name: 'cap-as-one-factor',
    about: 'x (scale / softcap), two roundings in other places',
    declaration: taking('sequential', 'scale', 'softcap', 'mask'),
    kernel: completeWithOptions({
      shown(row, i, steps) {
        const { scale = 1, softcap } = row.options;
        if (softcap === undefined) return steps.scaled(row.x[i], scale);
        return f32(softcap * steps.tanh(f32(row.x[i] * f32(scale / softcap))));
      },
    }),
  },
  {
    name: 'cap-by-fast-tanh',
    about: 'a tanh of 2^-11 relative, forward and backward, as an attention kernel has it',
    declaration: taking('cuda-fast', 'scale', 'softcap', 'bias', 'mask'),
    kernel: completeWithOptions({ tanh: fastTanh, sum: inLanes(32) }),
  },
  {
    name: 'scale-after-the-maximum',
    about: '(x - max) scale, with the maximum of -x where the scale is negative',
    declaration: {
      profile: 'sequential',
      options: { softmax: ['scale', 'mask'], softmaxGrad: ['scale', 'mask'] },
    },
    kernel: (({ softmax, softmaxGrad }) => ({ softmax, softmaxGrad }))(completeWithOptions(afterSubtraction)),
  },
  ...[true, false].map(
    (divides): Design => ({
      name: divides ? 'temperature-after-the-maximum' : 'inverse-after-the-maximum',
      about: divides ? '(x - max) / temperature' : '(x - max) times 1 / temperature',
      declaration: {
        profile: 'sequential',
        options: { softmax: ['temperature', 'mask'], softmaxGrad: ['temperature', 'mask'] },
      },
      kernel: completeWithOptions({
        max: (z) => maxOf(z),
        weights(z, _max, row, steps) {
          const { temperature = 1 } = row.options;
          const peak = peakOf(row, steps);
          const scaled = (gap: number): number => (divides ? gap / temperature : gap * f32(1 / temperature));
          return z.map((each, i) =>
            each === MASKED ? 0 : exp32(f32(scaled(Math.max(f32(row.x[i] - peak), -MAX_FINITE)))),
          );
        },
      }),
    }),
  ),
  {
    name: 'scale-in-base-2-fused',
    about:
      '2^(x c - max c) with c = scale log2 e, as FlashAttention has it, while the product with the maximum is below 2^30',
    declaration: { profile: 'exp2', options: { softmax: ['scale', 'mask'] } },
    kernel: {
      softmax: completeWithOptions({
        sum: inLanes(8),
        max: (z) => maxOf(z),
        weights(z, _max, row, steps) {
          const factor = f32((row.options.scale ?? 1) * LOG2E);
          const peak = peakOf(row, steps);
          const scaled = f32(peak * factor);
          if (!(Math.abs(scaled) < 2 ** 30))
            return z.map((each, i) => (each === MASKED ? 0 : exp2(f32(f32(row.x[i] - peak) * factor))));
          return z.map((each, i) => (each === MASKED ? 0 : exp2(fma(row.x[i], factor, -scaled))));
        },
      }).softmax,
    },
  },
  {
    name: 'scale-fused-with-the-maximum',
    about: 'x scale - max in one fused multiply-add, as compilers contract it: the largest logit is not 0',
    declaration: {
      profile: 'sequential',
      options: Object.fromEntries(ofRows.map((operation) => [operation, ['scale', 'mask']])),
    },
    kernel: (({ softmax, logSoftmax, logSumExp, softmaxGrad }) => ({
      softmax,
      logSoftmax,
      logSumExp,
      softmaxGrad,
    }))(completeWithOptions(fusedWithMaximum)),
  },
  {
    name: 'sink-joined-at-the-end',
    about: 'the sum of the logits is rescaled where the sink is above their maximum',
    declaration: taking('online', 'scale', 'softcap', 'bias', 'mask', 'sink'),
    kernel: completeWithOptions({
      sum(weights, sinkWeight, row, steps) {
        const z = steps.scores(row, steps);
        const own = maxOf(z);
        const max = Math.max(own, steps.sink(row));
        if (own === max || own === MASKED) return f32(sumOf(weights) + sinkWeight);
        const before = sumOf(z.map((each) => exp32(f32(each - own))));
        return f32(f32(before * exp32(f32(own - max))) + sinkWeight);
      },
    }),
  },
  {
    name: 'online-with-options',
    about: 'one pass in blocks of 32 over the logits with their options',
    declaration: taking('online', 'scale', 'softcap', 'bias', 'mask'),
    kernel: completeWithOptions({
      sum: (_weights, _sinkWeight, row, steps) => onlineSum({ block: 32 })(steps.scores(row, steps)),
    }),
  },
];
