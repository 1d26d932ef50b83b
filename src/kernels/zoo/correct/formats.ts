/** Correct designs with logits and answers of 16 bits. */
import { toGrid } from '../../../core/grid.ts';
import type { CompleteKernel, Kernel } from '../../../core/kernel.ts';
import type { Operation } from '../../../core/operation.ts';
import type { OptionName } from '../../../core/options.ts';
import type { Format } from '../../../formats/format.ts';
import { bf16, type FormatName, fp16, fp32 } from '../../../formats/index.ts';
import { type Arithmetic, fp32 as fp32Arithmetic } from '../../arithmetic.ts';
import { type ScoreCall, takingOptions } from '../../options.ts';
import { stable } from '../../stable.ts';
import { storedIn } from '../../stored.ts';
import { exp2 } from '../exp.ts';
import { complete, correct, exp32, f32, only, type Steps } from '../parts.ts';
import { laneSum, onlineSum } from '../sums.ts';
import type { Design } from './design.ts';
import { exp2Within, fusedWeights, inBase2 } from './exps.ts';

/**
 * Tensor operations, each of which stores what it makes in the format; their additions are of FP32. A sum that the format does not
 * hold, of 65,520 equal logits in FP16, stays in FP32: an infinite one is a fault by any profile.
 */
function composed({ round }: Format): Kernel {
  const storedIfFinite = (sum: number): number => (Number.isFinite(round(sum)) ? round(sum) : sum);
  return complete({
    shift: (x, max) => round(f32(x - max)),
    exp: (d) => round(exp32(d)),
    sum: (weights) => storedIfFinite(laneSum(8)(weights)),
    log: (sum) => round(f32(Math.log(sum))),
    derivative: (p, i, target, { rows }) => round(round(i === target ? round(p) - 1 : round(p)) / rows),
  });
}

/** Operations of tensors: computed in FP32, and stored in the format; what would overflow there is its largest number. */
function tensorArithmetic(format: Format): Arithmetic {
  const stored =
    (operation: (...operands: number[]) => number) =>
    (...operands: number[]): number =>
      toGrid(operation(...operands), format);
  const { exp, log, tanh, add, sub, mul, div } = fp32Arithmetic;
  return {
    exp: stored(exp),
    log: stored(log),
    tanh: stored(tanh),
    neg: fp32Arithmetic.neg,
    add: stored(add),
    sub: stored(sub),
    mul: stored(mul),
    div: stored(div),
  };
}

/** What does not overflow in the format: of FP16 a bias of -1e9 does, and a gradient times a scale of 1e6. */
const ofTensors = (format: Format): { operations: readonly Operation[]; options: readonly OptionName[] } =>
  format === bf16
    ? {
        operations: ['softmax', 'logSoftmax', 'logSumExp', 'softmaxGrad'],
        options: ['scale', 'temperature', 'softcap', 'bias', 'mask'],
      }
    : { operations: ['softmax'], options: ['scale', 'temperature', 'softcap', 'mask'] };

/** The options of each. */
function optionsIn(format: Format): Partial<Record<Operation, readonly OptionName[]>> {
  const { operations, options } = ofTensors(format);
  return Object.fromEntries(operations.map((operation) => [operation, options]));
}

/** How a kernel adds up a row. */
type Sum = (row: Float32Array) => number;

/** p (g - sum g p) with the p of such a softmax, each step of it rounded to the format. */
function productOf({ softmax }: CompleteKernel, { round }: Format, sum: Sum): CompleteKernel['softmaxGrad'] {
  return (upstream, z, rows, cols) => {
    const p = softmax(z, rows, cols).map(round);
    const products = p.map((each, k) => round(f32(each * upstream[k])));
    const dots = Array.from({ length: rows }, (_, r) =>
      round(sum(products.subarray(r * cols, (r + 1) * cols))),
    );
    return upstream.map((g, k) => round(f32(p[k] * round(f32(g - dots[Math.floor(k / cols)])))));
  };
}

/** Options as operations of the format before a softmax of it, with a bias of it, and a scale of FP32 or of it. */
function withOptionsIn(format: Format, plain: CompleteKernel, isCast: boolean): Kernel {
  const cast = (value: number | undefined) => (value === undefined ? value : toGrid(value, format));
  const all = takingOptions(tensorArithmetic(format), plain, {
    scores: (steps) => ({
      bias(i, call) {
        const bias = steps.bias(i, call);
        return bias === undefined ? bias : toGrid(bias, format);
      },
      ...(isCast && {
        scale: ({ options: { scale } }: ScoreCall) => cast(scale),
        temperature: ({ options: { temperature } }: ScoreCall) => cast(temperature),
      }),
    }),
  });
  return Object.fromEntries(ofTensors(format).operations.map((name) => [name, all[name]]));
}

/** Options as operations of tensors before such a softmax. */
function withTensorOptions(format: Format, isCast: boolean): Kernel {
  const kernel = composed(format) as CompleteKernel;
  const softmaxGrad = productOf(kernel, format, laneSum(8));
  return withOptionsIn(format, { ...kernel, softmaxGrad }, isCast);
}

/** Options in the arithmetic of the format, before a row in it. */
function withOwnOptions(format: Format): Kernel {
  const kernel = complete(ofOwnArithmetic(format)) as CompleteKernel;
  const sum: Sum = (row) => row.reduce((total, each) => format.round(total + each), 0);
  return withOptionsIn(format, { ...kernel, softmaxGrad: productOf(kernel, format, sum) }, true);
}

/** All arithmetic of a row in the format itself. */
function ofOwnArithmetic({ round }: Format): Partial<Steps> {
  return {
    shift: (x, max) => round(x - max),
    exp: (d) => round(Math.exp(d)),
    sum: (weights) => weights.reduce((sum, weight) => round(sum + weight), 0),
    divide: (weight, sum) => round(weight / sum),
    log: (sum) => round(Math.log(sum)),
    logProbability: (x, max, sum, { shift, log }) => round(shift(x, max) - log(sum)),
    logSumExp: (...step) => round(correct.logSumExp(...step)),
    derivative: (p, i, target, { rows }) => round(round(i === target ? p - 1 : p) / rows),
  };
}

/** The number of the format nearest to `x`, of two that with the larger magnitude. */
function roundedAway(x: number, { round, toOrdinal, fromOrdinal }: Format): number {
  const even = round(x);
  if (!Number.isFinite(even) || even === x) return even;
  const side = Math.sign(x);
  const outer = Math.abs(even) > Math.abs(x) ? even : fromOrdinal(toOrdinal(even) + side);
  const inner = fromOrdinal(toOrdinal(outer) - side);
  return Math.abs(x - inner) < Math.abs(outer - x) ? inner : outer;
}

const names = [bf16, fp16].map((format) => [format, format.name as FormatName] as const);

export const formatDesigns: readonly Design[] = names.flatMap(([format, name]): Design[] => {
  const sequential = { profile: 'sequential', format: name } as const;
  const gradients = { softmaxGrad: stable.softmaxGrad, logSoftmaxGrad: stable.logSoftmaxGrad };
  return [
    {
      name: `widened-${name}`,
      about: 'widened once, FP32 in one accumulator, rounded once',
      declaration: sequential,
      kernel: storedIn(complete(), format),
    },
    {
      name: `widened-lanes-${name}`,
      about: 'the same, added in 8 lanes',
      declaration: { format: name },
      kernel: storedIn(complete({ sum: laneSum(8) }), format),
    },
    {
      name: `products-${name}`,
      about: 'products of an upstream gradient, in FP32 from words to words',
      declaration: sequential,
      kernel: storedIn(gradients, format),
    },
    {
      name: `rounded-away-${name}`,
      about: 'ties rounded away from zero, as by adding half a unit: both numbers beside a tie are as near',
      declaration: sequential,
      kernel: storedIn(
        only('softmax', { divide: (weight, sum) => roundedAway(f32(weight / sum), format) }),
        format,
      ),
    },
    {
      name: `base-2-${name}`,
      about: '2^(d log2 e), as Triton has it',
      declaration: { format: name },
      kernel: storedIn(complete({ sum: laneSum(8), exp: inBase2(exp2) }), format),
    },
    {
      name: `base-2-fused-${name}`,
      about: '2^(x log2 e - max log2 e), as FlashAttention has it',
      declaration: { profile: 'exp2', format: name },
      kernel: storedIn(complete({ sum: laneSum(8), weights: fusedWeights(exp2Within(2)) }), format),
    },
    {
      name: `online-in-blocks-${name}`,
      about: 'one pass in blocks of 32, the sum and its factors in FP32',
      declaration: { profile: 'online', format: name },
      kernel: storedIn(complete({ sum: (_weights, { x }) => onlineSum({ block: 32 })(x) }), format),
    },
    {
      name: `composed-${name}`,
      about: 'tensor operations that store what they make, and say so',
      declaration: { profile: 'composed', format: name },
      kernel: storedIn(composed(format), format),
    },
    ...[false, true].map((isCast) => ({
      name: `${isCast ? 'cast' : 'tensor'}-options-${name}`,
      about: `scale, softcap and bias are operations of tensors, ${isCast ? 'and the scale a number of the format' : 'with a scale of FP32'}`,
      declaration: {
        profile: 'composed',
        format: name,
        options: optionsIn(format),
      },
      kernel: storedIn(withTensorOptions(format, isCast), format),
    })),
    {
      name: `own-arithmetic-${name}`,
      about: 'each step in the format itself, the additions too, and says so',
      declaration: { profile: 'sequential', format: { logits: name, answer: name, arithmetic: name } },
      kernel: storedIn(complete(ofOwnArithmetic(format)), format),
    },
    {
      name: `own-arithmetic-options-${name}`,
      about: 'the same behind a scale, a softcap and a bias in the format itself, numbers of it',
      declaration: {
        profile: 'sequential',
        format: { logits: name, answer: name, arithmetic: name },
        options: optionsIn(format),
      },
      kernel: storedIn(withOwnOptions(format), format),
    },
    {
      name: `from-${name}`,
      about: 'logits in words, answers of FP32',
      declaration: { profile: 'sequential', format: { logits: name } },
      kernel: storedIn(complete(), format, fp32),
    },
    {
      name: `to-${name}`,
      about: 'logits of FP32, answers in words',
      declaration: { profile: 'sequential', format: { answer: name } },
      kernel: storedIn(complete(), fp32, format),
    },
  ];
});
