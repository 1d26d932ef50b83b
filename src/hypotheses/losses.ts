/** Known ways to be wrong with the options of a loss: the answer of a right kernel that is asked something else, or the same over another count. */
import { type Batch, batchOf } from '../core/batch.ts';
import type { Options } from '../core/options.ts';
import { withOptions } from '../options/index.ts';
import type { FaultyKernel } from './hypothesis.ts';
import { kernelWith } from './steps.ts';

const right = kernelWith({});

/** A call of a loss or of its gradient. */
interface Call {
  /** 0 where there are probabilities. */
  readonly targets: Int32Array;
  readonly rows: number;
  readonly cols: number;
  readonly options: Options;
}

/** A kernel that asks the right one for a loss with `asked` options, and multiplies what it answers. */
function asking(
  asked: (call: Call) => Options,
  factor: (call: Call) => number = () => 1,
): FaultyKernel['kernel'] {
  const callOf = (
    targets: Int32Array | Float32Array,
    rows: number,
    cols: number,
    options: Options = {},
  ): Call => ({
    targets: targets instanceof Float32Array ? new Int32Array(rows) : targets,
    rows,
    cols,
    options,
  });
  return {
    ...right,
    crossEntropy: ((logits, targets, rows, cols, options) => {
      const call = callOf(targets, rows, cols, options);
      const answer = right.crossEntropy(logits, targets, rows, cols, asked(call));
      const by = factor(call);
      return typeof answer === 'number' ? Math.fround(answer * by) : answer.map((loss) => loss * by);
    }) as FaultyKernel['kernel']['crossEntropy'],
    crossEntropyGrad(logits, targets, rows, cols, options) {
      const call = callOf(targets, rows, cols, options);
      const by = factor(call);
      const answer = right.crossEntropyGrad(logits, targets, rows, cols, asked(call));
      return by === 1 ? answer : answer.map((derivative) => derivative * by);
    },
  };
}

/** Options without one. */
const without =
  (left: keyof Options) =>
  ({ options }: Call): Options =>
    Object.fromEntries(Object.entries(options).filter(([name]) => name !== left));

/** The mean of rows of which some are ignored, as the sum over all rows. Over weights it would be as what multiplies one row by its weight again. */
const overAllRows = ({ options: { reduction = 'mean', ignoreIndex, classWeights } }: Call): boolean =>
  reduction === 'mean' && ignoreIndex !== undefined && classWeights === undefined;

const smoothing = (change: (smoothing: number, cols: number) => number): FaultyKernel['kernel'] =>
  asking(({ options, cols }) =>
    options.labelSmoothing === undefined
      ? options
      : { ...options, labelSmoothing: change(options.labelSmoothing, cols) },
  );

/** Ignored rows with their softmax over what the mean divides by. */
function withGradientOfIgnored(): FaultyKernel['kernel'] {
  return {
    ...right,
    crossEntropyGrad(logits, targets, rows, cols, options = {}) {
      const answer = right.crossEntropyGrad(logits, targets, rows, cols, options);
      const { ignoreIndex, upstream = 1, classWeights } = options;
      if (ignoreIndex === undefined || targets instanceof Float32Array) return answer;
      const { labelSmoothing: _, zLoss: __, reduction = 'mean', classWeights: ____, ...scores } = options;
      const probabilities = right.softmax(logits, rows, cols, scores);
      const valid = targets.filter((target) => target !== ignoreIndex);
      const divisor = valid.reduce((sum, target) => sum + (classWeights?.[target] ?? 1), 0);
      return answer.map((derivative, k) => {
        const r = Math.floor(k / cols);
        if (targets[r] !== ignoreIndex) return derivative;
        const share =
          (typeof upstream === 'number' ? upstream : upstream[r]) / (reduction === 'mean' ? divisor : 1);
        return probabilities[k] * share;
      });
    },
  };
}

/** Two rows of two classes, of which the second has target 1, with options. */
const two = (options: Options) => (): Batch =>
  withOptions(
    batchOf(
      [
        [0, 5],
        [1, 0],
      ],
      [0, 1],
    ),
    options,
  );

/** Every one, the simplest first. */
export const lossHypotheses: readonly FaultyKernel[] = [
  {
    words: 'leaves out what is upstream of the loss',
    witness: two({ upstream: 2 }),
    kernel: asking(without('upstream')),
  },
  {
    words: 'takes the upstream value of the first row for all rows',
    witness: two({ reduction: 'none', upstream: Float32Array.of(1, 2) }),
    kernel: asking(({ options }) => {
      const { upstream } = options;
      return upstream instanceof Float32Array
        ? { ...options, upstream: upstream.map(() => upstream[0]) }
        : options;
    }),
  },
  {
    words: 'leaves out the weights of classes',
    witness: two({ reduction: 'sum', classWeights: Float32Array.of(2, 1) }),
    kernel: asking(without('classWeights')),
  },
  {
    words: 'leaves out the smoothing of labels',
    witness: two({ labelSmoothing: 0.5 }),
    kernel: asking(without('labelSmoothing')),
  },
  { words: 'leaves out zLoss', witness: two({ zLoss: 1 }), kernel: asking(without('zLoss')) },
  {
    words: 'divides the mean by all rows, ignored ones too',
    witness: two({ ignoreIndex: 1 }),
    kernel: asking(
      (call) => (overAllRows(call) ? { ...call.options, reduction: 'sum' } : call.options),
      (call) => (overAllRows(call) ? 1 / call.rows : 1),
    ),
  },
  {
    words: 'answers the sum for a mean that is asked for',
    witness: two({ reduction: 'mean' }),
    kernel: asking(({ options }) =>
      options.reduction === 'mean' ? { ...options, reduction: 'sum' } : options,
    ),
  },
  {
    words: 'smooths labels over the classes but the target, e / (C - 1)',
    witness: two({ labelSmoothing: 0.5 }),
    // (1 - f) + f / C = 1 - e and f / C = e / (C - 1).
    kernel: smoothing((e, cols) => (cols === 1 ? e : Math.fround((e * cols) / (cols - 1)))),
  },
  {
    words: 'gives ignored rows their softmax for a gradient',
    witness: two({ ignoreIndex: 1 }),
    kernel: withGradientOfIgnored(),
  },
  {
    words: 'has half of the gradient of zLoss',
    witness: two({ zLoss: 1 }),
    kernel: {
      ...right,
      crossEntropyGrad: asking(({ options }) =>
        options.zLoss === undefined ? options : { ...options, zLoss: options.zLoss / 2 },
      ).crossEntropyGrad,
    },
  },
];
