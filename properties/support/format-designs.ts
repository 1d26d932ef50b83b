/** Kernels in other formats than FP32: right ones by what they promise, and faulty ones. */
import type { Kernel } from '../../src/core/kernel.ts';
import type { Declaration, Target } from '../../src/core/target.ts';
import type { Format } from '../../src/formats/format.ts';
import { formats, fp32 } from '../../src/formats/index.ts';
import { packWords, unpackWords } from '../../src/formats/words.ts';
import { createStable, stable } from '../../src/kernels/stable.ts';
import { storedIn } from '../../src/kernels/stored.ts';
import { complete, exp32, f32, sumOf } from '../../src/kernels/zoo/parts.ts';
import { laneSum } from '../../src/kernels/zoo/sums.ts';
import { createTarget } from '../../src/targets/create.ts';

/** The formats of 16 bits. */
export const halves = [formats.fp16, formats.bf16] as const;

type Name = keyof typeof formats;

/** A target of which the arrays of `kernel`, which is of FP32, are words of `format`. */
function inWords(name: string, kernel: Kernel, format: Format, declaration: Declaration = {}): Target {
  return createTarget(`${name}, ${format.name}`, storedIn(kernel, format), {
    format: format.name as Name,
    ...declaration,
  });
}

/** FP32 logits and answers in words, or the other way round. */
function half(name: string, format: Format, isAnswer: boolean): Target {
  const kernel = complete();
  const answered = (answer: Float32Array): Float32Array =>
    isAnswer ? (packWords(answer.map(format.round), format) as ArrayLike<number> as Float32Array) : answer;
  const widened = (logits: Float32Array): Float32Array =>
    isAnswer ? logits : unpackWords(logits as ArrayLike<number> as Uint16Array, format);
  return createTarget(
    `${name}, ${format.name}`,
    {
      softmax: (logits, rows, cols) => answered(kernel.softmax(widened(logits), rows, cols)),
      logSoftmax: (logits, rows, cols) => answered(kernel.logSoftmax(widened(logits), rows, cols)),
      logSumExp: (logits, rows, cols) => answered(kernel.logSumExp(widened(logits), rows, cols)),
    },
    { profile: 'sequential', format: { [isAnswer ? 'answer' : 'logits']: format.name as Name } },
  );
}

/** A kernel of tensor operations, each of which stores what it makes in the format; additions are of FP32. */
function composed({ round }: Format): Kernel {
  return complete({
    shift: (x, max) => round(f32(x - max)),
    exp: (d) => round(exp32(d)),
    sum: (weights) => round(laneSum(8)(weights)),
    log: (sum) => round(f32(Math.log(sum))),
    derivative: (p, i, target, { rows }) => round(round(i === target ? round(p) - 1 : round(p)) / rows),
  });
}

/** All arithmetic in the format itself. */
function native({ round }: Format): Kernel {
  const {
    softmaxGrad: _,
    logSoftmaxGrad: __,
    crossEntropy: ___,
    crossEntropyGrad: ____,
    ...forward
  } = createStable({
    exp: (x) => round(Math.exp(x)),
    log: (x) => round(Math.log(x)),
    tanh: (x) => round(Math.tanh(x)),
    neg: (x) => -x,
    add: (x, y) => round(x + y),
    sub: (x, y) => round(x - y),
    mul: (x, y) => round(x * y),
    div: (x, y) => round(x / y),
  });
  return forward;
}

/** Designs that hold, but for what `stable` is known for. */
export const rightInFormats: readonly Target[] = halves.flatMap((format) => [
  inWords('widened, one accumulator', complete(), format, { profile: 'sequential' }),
  inWords('widened, eight lanes', complete({ sum: laneSum(8) }), format),
  inWords(
    'products of a vector',
    { softmaxGrad: stable.softmaxGrad, logSoftmaxGrad: stable.logSoftmaxGrad },
    format,
    { profile: 'sequential' },
  ),
  half('words in, FP32 out', format, false),
  half('FP32 in, words out', format, true),
  inWords('composed of stored tensors', composed(format), format, { profile: 'composed' }),
  inWords('of its own arithmetic', native(format), format, {
    profile: 'sequential',
    format: { logits: format.name as Name, answer: format.name as Name, arithmetic: format.name as Name },
  }),
]);

/** What each of these does wrong, by the bucket's beginning that must be found. */
export const wrongInFormats: readonly (readonly [bucket: string, target: Target])[] = halves.flatMap(
  (format) => {
    const { round } = format;
    return [
      [
        'softmax/inaccurate/ordinary',
        inWords('a sum in the storage format', complete({ sum: storedSum(round) }), format, {
          profile: 'sequential',
        }),
      ],
      [
        'softmax/inaccurate/ordinary/warning',
        inWords('weights stored', complete({ exp: (d) => round(exp32(d)) }), format, {
          profile: 'sequential',
        }),
      ],
      [
        'logSoftmax/inaccurate/ordinary/warning',
        inWords('a sum stored once', complete({ sum: (weights) => round(sumOf(weights)) }), format, {
          profile: 'sequential',
        }),
      ],
      [
        'softmax/inaccurate/ordinary/warning',
        inWords('an answer cut off', truncated(format), fp32, {
          profile: 'sequential',
          format: format.name as Name,
        }),
      ],
    ] as const;
  },
);

/** The sum with every addition rounded to the storage. */
function storedSum(round: (x: number) => number): (weights: Float32Array) => number {
  return (weights) => weights.reduce((sum, weight) => round(sum + weight), 0);
}

/** Answers stored by leaving bits out. */
function truncated(format: Format): Kernel {
  const { softmax } = complete();
  const down = (p: number): number => {
    const nearest = format.round(p);
    return nearest > p ? format.fromOrdinal(format.toOrdinal(nearest) - 1) : nearest;
  };
  return {
    softmax: (logits, rows, cols) => {
      const words = logits as ArrayLike<number> as Uint16Array;
      const answer = softmax(unpackWords(words, format), rows, cols).map(down);
      return packWords(answer, format) as ArrayLike<number> as Float32Array;
    },
  };
}
