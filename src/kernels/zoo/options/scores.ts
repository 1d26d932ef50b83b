/** Options that come to the wrong reals of a row, or of its sink. */
import { type Batch, batchOf } from '../../../core/batch.ts';
import type { Operation } from '../../../core/operation.ts';
import type { OptionName, Options } from '../../../core/options.ts';
import type { Declaration } from '../../../core/target.ts';
import { MAX_FINITE } from '../../../float32/constants.ts';
import { inClass } from '../entry.ts';
import { exp32, f32, maxOf, sumOf } from '../parts.ts';
import { at, onlyWithOptions, right } from './steps.ts';

const { NaN: NAN, NEGATIVE_INFINITY: MASKED } = Number;

/** A kernel in one accumulator whose operation takes these options. */
export function taking(operation: Operation, ...names: OptionName[]): Declaration {
  return { profile: 'sequential', options: { [operation]: names } };
}

/** A batch with options. */
export function given(options: Options, ...batch: Parameters<typeof batchOf>): Batch {
  return { ...batchOf(...batch), options };
}

const bits = (...values: number[]): Uint8Array => Uint8Array.from(values);
const floats = (...values: number[]): Float32Array => Float32Array.from(values);

export const scoreFaults = inClass('options', [
  {
    id: 'Y260',
    name: 'option-mask-of-minus-1e4',
    models: 'ohdearquant/lattice#373',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'what the mask hides is -1e4: scores below it lose to the mask',
    declaration: taking('softmax', 'mask'),
    bucket: 'softmax/zeroed/low-offset',
    counterexample: given({ mask: bits(0, 1) }, [[0, -10104]]),
    kernel: onlyWithOptions('softmax', { hidden: () => -1e4 }),
  },
  {
    id: 'Y261',
    name: 'option-mask-of-minus-1e9',
    models: null,
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'what the mask hides is -1e9: scores below it lose to the mask',
    declaration: taking('softmax', 'mask'),
    bucket: 'softmax/zeroed/low-offset',
    counterexample: given({ mask: bits(0, 1) }, [[0, -2e9]]),
    kernel: onlyWithOptions('softmax', { hidden: () => -1e9 }),
  },
  {
    id: 'Y262',
    name: 'option-mask-of-lowest-float',
    models: null,
    difficulty: 'very hard',
    operation: 'softmax',
    fault: 'what the mask hides is the lowest float, which a score may be too',
    declaration: taking('softmax', 'mask'),
    bucket: 'softmax/special-value/low-offset',
    counterexample: given({ mask: bits(0, 1) }, [[0, -MAX_FINITE]]),
    kernel: onlyWithOptions('softmax', { hidden: () => -MAX_FINITE }),
  },
  {
    id: 'Y263',
    name: 'mask-before-cap',
    models: 'unslothai/unsloth#10616',
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'masked before the cap, which makes -softcap of -Infinity',
    declaration: taking('softmax', 'softcap', 'mask'),
    bucket: 'softmax/special-value/masked',
    counterexample: given({ softcap: 1, mask: bits(0, 1) }, [[0, 0]]),
    kernel: onlyWithOptions('softmax', {
      scores: (row, steps) =>
        row.x.map((_, i) => {
          const { softcap } = row.options;
          if (steps.mask(row, i) !== 0) return steps.shown(row, i, steps);
          return softcap === undefined ? MASKED : -softcap;
        }),
    }),
  },
  {
    id: 'Z27',
    name: 'padding-before-cap',
    models: 'unslothai/unsloth#10616',
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'rows are padded to vectors of four with -Infinity before the cap, which makes -softcap of it',
    declaration: taking('softmax', 'softcap'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ softcap: 1 }, [[0]]),
    kernel: onlyWithOptions('softmax', {
      sum(weights, _sinkWeight, row, steps) {
        const { softcap } = row.options;
        const padding = (4 - (row.x.length % 4)) % 4;
        if (softcap === undefined || padding === 0) return sumOf(weights);
        const max = maxOf(steps.scores(row, steps));
        return f32(sumOf(weights) + padding * exp32(f32(-softcap - max)));
      },
    }),
  },
  {
    id: 'Y264',
    name: 'mask-by-a-product',
    models: 'pytorch/pytorch#101967',
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'z mask - (1 - mask) 1e30: a hidden NaN stays one',
    declaration: taking('softmax', 'mask'),
    bucket: 'softmax/nan/masked',
    counterexample: given({ mask: bits(0, 1) }, [[NAN, 0]]),
    kernel: onlyWithOptions('softmax', { hidden: (x) => (Number.isFinite(x) ? MASKED : NAN) }),
  },
  {
    id: 'Y265',
    name: 'max-of-what-is-hidden',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'the maximum is of all logits, those that the mask hides included',
    declaration: taking('softmax', 'mask'),
    bucket: 'softmax/nan/masked',
    counterexample: given({ mask: bits(0, 1) }, [[104, 0]]),
    kernel: onlyWithOptions('softmax', {
      max: (z, _sink, { x }) => Math.max(maxOf(z), ...x.filter((each) => Number.isFinite(each))),
    }),
  },
  {
    id: 'B09',
    name: 'hidden-exp-times-zero',
    models: 'jax-ml/jax#17117',
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'the maximum is of what is shown, and e^(x - max) of the rest is multiplied by 0, Infinity too',
    declaration: taking('softmax', 'mask'),
    bucket: 'softmax/nan/masked',
    counterexample: given({ mask: bits(0, 1) }, [[89, 0]]),
    kernel: onlyWithOptions('softmax', {
      weights: (z, max, { x }) =>
        z.map((each, i) => (each === MASKED ? 0 * exp32(f32(x[i] - max)) : exp32(f32(each - max)))),
    }),
  },
  {
    id: 'Y266',
    name: 'mask-inverted',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'true hides, as in key_padding_mask, where true takes part',
    declaration: taking('softmax', 'mask'),
    bucket: 'softmax/zeroed/masked',
    counterexample: given({ mask: bits(0, 1) }, [[0, 0]]),
    kernel: onlyWithOptions('softmax', {
      mask: (row, i) => (row.options.mask === undefined ? 1 : 1 - right.mask(row, i)),
    }),
  },
  {
    id: 'Y267',
    name: 'mask-of-padded-stride',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'rows of the mask are read as if they began at multiples of four',
    declaration: taking('softmax', 'mask'),
    bucket: 'softmax/special-value/masked',
    counterexample: given({ mask: bits(1, 1, 0, 1) }, [
      [0, 0],
      [0, 0],
    ]),
    kernel: onlyWithOptions('softmax', {
      mask(row, i) {
        const { mask } = row.options;
        if (mask === undefined || mask.length === row.x.length) return right.mask(row, i);
        return mask[(row.r * ((row.x.length + 3) & ~3) + i) % mask.length];
      },
    }),
  },
  {
    id: 'Y268',
    name: 'mask-of-the-first-row',
    models: null,
    difficulty: 'medium',
    operation: 'logSoftmax',
    fault: 'the mask of the first row hides in all rows',
    declaration: taking('logSoftmax', 'mask'),
    bucket: 'logSoftmax/special-value/masked',
    counterexample: given({ mask: bits(1, 1, 0, 1) }, [
      [0, 0],
      [0, 0],
    ]),
    kernel: onlyWithOptions('logSoftmax', { mask: (row, i) => right.mask({ ...row, r: 0 }, i) }),
  },
  {
    id: 'Y269',
    name: 'bias-of-the-first-row',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'the bias of the first row for all rows',
    declaration: taking('softmax', 'bias'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ bias: floats(0, 0, 0, 1) }, [
      [0, 0],
      [0, 0],
    ]),
    kernel: onlyWithOptions('softmax', { bias: (row, i) => right.bias({ ...row, r: 0 }, i) }),
  },
  {
    id: 'Y270',
    name: 'bias-by-columns',
    models: null,
    difficulty: 'medium',
    operation: 'logSumExp',
    fault: 'a bias of rows and columns is read column by column',
    declaration: taking('logSumExp', 'bias'),
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: given({ bias: floats(0, 1, 0, 0) }, [
      [0, 0],
      [0, 0],
    ]),
    kernel: onlyWithOptions('logSumExp', {
      bias(row, i) {
        const { bias } = row.options;
        return bias === undefined || bias.length === row.x.length
          ? right.bias(row, i)
          : bias[i * row.rows + row.r];
      },
    }),
  },
  {
    id: 'Y271',
    name: 'bias-before-scale',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'scale (x + bias), where the scale is of x alone',
    declaration: taking('softmax', 'scale', 'bias'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ scale: 2, bias: floats(0, 1) }, [[0, 0]]),
    kernel: onlyWithOptions('softmax', {
      shown(row, i, { scaled, bias }) {
        const y = f32(row.x[i] + bias(row, i));
        return row.options.scale === undefined ? y : scaled(y, row.options.scale);
      },
    }),
  },
  {
    id: 'Y272',
    name: 'cap-after-bias',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the cap is of the sum with the bias, where it is of the logit',
    declaration: taking('softmax', 'softcap', 'bias'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ softcap: 1, bias: floats(0, 1) }, [[0, 0]]),
    kernel: onlyWithOptions('softmax', {
      shown(row, i, steps) {
        const y = f32(row.x[i] + steps.bias(row, i));
        return row.options.softcap === undefined ? y : steps.capped(y, row.options.softcap, steps);
      },
    }),
  },
  {
    id: 'Y273',
    name: 'cap-as-a-clamp',
    models: null,
    difficulty: 'easy',
    operation: 'logSumExp',
    fault: 'logits are cut off at the cap',
    declaration: taking('logSumExp', 'softcap'),
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: given({ softcap: 1 }, [[1]]),
    kernel: onlyWithOptions('logSumExp', { capped: (y, c) => Math.max(-c, Math.min(y, c)) }),
  },
  {
    id: 'Y274',
    name: 'scale-twice',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the scale is in the query already, and is applied again',
    declaration: taking('softmax', 'scale'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ scale: 2 }, [[0, 1]]),
    kernel: onlyWithOptions('softmax', { scaled: (x, scale) => f32(f32(x * scale) * scale) }),
  },
  {
    id: 'Y275',
    name: 'scale-as-temperature',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'logits are divided by the scale',
    declaration: taking('softmax', 'scale'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ scale: 2 }, [[0, 1]]),
    kernel: onlyWithOptions('softmax', { scaled: (x, scale) => f32(x / scale) }),
  },
  {
    id: 'Y384',
    name: 'temperature-as-scale',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'logits are multiplied by the temperature',
    declaration: taking('softmax', 'temperature'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ temperature: 2 }, [[0, 1]]),
    kernel: onlyWithOptions('softmax', { divided: (y, t) => f32(y * t) }),
  },
  {
    id: 'Y385',
    name: 'temperature-of-the-bias',
    models: null,
    difficulty: 'easy',
    operation: 'logSoftmax',
    fault: 'the sum of logit and bias is divided by the temperature',
    declaration: taking('logSoftmax', 'temperature', 'bias'),
    bucket: 'logSoftmax/inaccurate/ordinary',
    counterexample: given({ temperature: 2, bias: floats(0, 1) }, [[0, 0]]),
    kernel: onlyWithOptions('logSoftmax', {
      shown(row, i, steps) {
        const { temperature = 1, ...options } = row.options;
        return f32(right.shown({ ...row, options }, i, steps) / temperature);
      },
    }),
  },
  {
    id: 'Y386',
    name: 'temperature-behind-the-cap',
    models: null,
    difficulty: 'easy',
    operation: 'logSumExp',
    fault: 'the capped logit is divided by the temperature',
    declaration: taking('logSumExp', 'temperature', 'softcap'),
    bucket: 'logSumExp/inaccurate/ordinary',
    counterexample: given({ temperature: 2, softcap: 1 }, [[1]]),
    kernel: onlyWithOptions('logSumExp', {
      shown(row, i, steps) {
        const { temperature = 1, ...options } = row.options;
        return f32(right.shown({ ...row, options }, i, steps) / temperature);
      },
    }),
  },
  {
    id: 'Y276',
    name: 'scale-after-the-sum',
    models: null,
    difficulty: 'easy',
    operation: 'logSoftmax',
    fault: 'scale (x - max) less the logarithm of a sum without the scale',
    declaration: taking('logSoftmax', 'scale'),
    bucket: 'logSoftmax/inaccurate/ordinary',
    counterexample: given({ scale: 2 }, [[0, 1]]),
    kernel: onlyWithOptions('logSoftmax', {
      scaled: (x) => x,
      logProbability: (z, max, sum, { options: { scale = 1 } }) =>
        f32(f32(f32(z - max) * scale) - f32(Math.log(sum))),
    }),
  },
  {
    id: 'Y277',
    name: 'scale-0-for-none',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'a scale of 0 is taken for none: `scale || 1`',
    declaration: taking('softmax', 'scale'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ scale: 0 }, [[0, 1]]),
    kernel: onlyWithOptions('softmax', { scaled: (x, scale) => f32(x * (scale || 1)) }),
  },
  {
    id: 'Y278',
    name: 'max-before-negative-scale',
    models: 'vllm-project/vllm#22180',
    difficulty: 'medium',
    operation: 'softmax',
    fault: '(x - max x) scale, of which a negative scale makes the largest exponent that there is',
    declaration: taking('softmax', 'scale'),
    bucket: 'softmax/nan/underflow',
    counterexample: given({ scale: -1 }, [[0, 89]]),
    kernel: onlyWithOptions('softmax', {
      max: (_z, _sink, { x, options: { scale = 1 } }) => f32(maxOf(x) * scale),
    }),
  },
  {
    id: 'Y279',
    name: 'sink-outside-of-the-max',
    models: null,
    difficulty: 'medium',
    operation: 'logSumExp',
    fault: 'the sink joins the sum and not the maximum',
    declaration: taking('logSumExp', 'sink'),
    bucket: 'logSumExp/infinite/exp-overflow',
    counterexample: given({ sink: 89 }, [[0]]),
    kernel: onlyWithOptions('logSumExp', { max: (z) => maxOf(z) }),
  },
  {
    id: 'Y280',
    name: 'softmax1-without-shift',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'e / (1 + S) with e and S of shifted logits: the sink is not shifted',
    declaration: taking('softmax', 'sink'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ sink: 0 }, [[1]]),
    kernel: onlyWithOptions('softmax', { max: (z) => maxOf(z), sinkWeight: (sink) => exp32(sink) }),
  },
  {
    id: 'Y281',
    name: 'sink-left-out-of-the-sum',
    models: null,
    difficulty: 'easy',
    operation: 'logSumExp',
    fault: 'the sink counts in the maximum alone',
    declaration: taking('logSumExp', 'sink'),
    bucket: 'logSumExp/zeroed/ordinary',
    counterexample: given({ sink: 0 }, [[0]]),
    kernel: onlyWithOptions('logSumExp', { sinkWeight: () => 0 }),
  },
  {
    id: 'Y392',
    name: 'weights-left-out-of-the-sum',
    models: null,
    difficulty: 'easy',
    operation: 'logSumExp',
    fault: 'what the weight is 0 of is left out, and other weights are not multiplied by',
    declaration: taking('logSumExp', 'weights'),
    bucket: 'logSumExp/zeroed/ordinary',
    counterexample: given({ weights: floats(2) }, [[0]]),
    kernel: onlyWithOptions('logSumExp', {
      factor: (row, i) => Math.sign(right.factor(row, i)),
    }),
  },
  {
    id: 'Y282',
    name: 'sink-of-the-first-row',
    models: null,
    difficulty: 'medium',
    operation: 'softmax',
    fault: 'the sink of the first row for all rows',
    declaration: taking('softmax', 'sink'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ sink: floats(0, 1) }, [[0], [0]]),
    kernel: onlyWithOptions('softmax', { sink: (row) => right.sink({ ...row, r: 0 }) }),
  },
  {
    id: 'Y283',
    name: 'sink-scaled',
    models: null,
    difficulty: 'easy',
    operation: 'softmax',
    fault: 'the sink joins before the scale, and is scaled',
    declaration: taking('softmax', 'scale', 'sink'),
    bucket: 'softmax/inaccurate/ordinary',
    counterexample: given({ scale: 2, sink: 1 }, [[0]]),
    kernel: onlyWithOptions('softmax', {
      sink(row) {
        const sink = right.sink(row);
        return sink === MASKED ? sink : f32((row.options.scale ?? 1) * sink);
      },
    }),
  },
  {
    id: 'Y284',
    name: 'online-first-block-hidden',
    models: 'flashinfer-ai/flashinfer#1178',
    difficulty: 'hard',
    operation: 'softmax',
    fault: 'a first block of four that the mask hides: -Infinity minus -Infinity',
    declaration: taking('softmax', 'mask'),
    bucket: 'softmax/nan/masked',
    counterexample: given({ mask: bits(0, 0, 0, 0, 1) }, [[0, 0, 0, 0, 0]]),
    kernel: onlyWithOptions('softmax', {
      weights: (z, max) => {
        const first = maxOf(z.subarray(0, 4));
        const lost = z.length > 4 && first === MASKED && max !== MASKED ? NAN : 0;
        return z.map((each) => exp32(f32(each - max)) + lost);
      },
    }),
  },
  {
    id: 'Y285',
    name: 'hidden-target-free',
    models: null,
    difficulty: 'medium',
    operation: 'crossEntropy',
    fault: 'a target that the mask hides costs nothing',
    declaration: taking('crossEntropy', 'mask'),
    bucket: 'crossEntropy/special-value/masked',
    counterexample: given({ mask: bits(0, 1) }, [[0, 0]]),
    kernel: onlyWithOptions('crossEntropy', {
      logProbability: (z, max, sum, row, i) =>
        row.options.mask !== undefined && at(row.options.mask, row, i) === 0
          ? 0
          : right.logProbability(z, max, sum, row, i),
    }),
  },
]);
