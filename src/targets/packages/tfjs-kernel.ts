/** TensorFlow.js as a kernel, whatever its backend. */
import type { Kernel } from '../../core/kernel.ts';
import type { Options, Reduction } from '../../core/options.ts';
import type { Declaration } from '../../core/target.ts';
import { importPackage } from '../package.ts';

/** As much of its API as is used. */
export interface Tfjs {
  readonly setBackend: (name: string) => Promise<boolean>;
  readonly scalar: (value: number) => Tensor;
  readonly tensor1d: (values: Float32Array) => Tensor;
  readonly tensor2d: (values: Float32Array, shape: readonly [number, number]) => Tensor;
  readonly tidy: (compute: () => Tensor) => Tensor;
  readonly softmax: (logits: Tensor) => Tensor;
  readonly logSoftmax: (logits: Tensor) => Tensor;
  readonly logSumExp: (logits: Tensor, axis: number) => Tensor;
  readonly losses: {
    readonly softmaxCrossEntropy: (
      onehotLabels: Tensor,
      logits: Tensor,
      weights?: Tensor,
      labelSmoothing?: number,
      reduction?: number,
    ) => Tensor;
  };
  readonly Reduction: Readonly<Record<'NONE' | 'SUM' | 'SUM_BY_NONZERO_WEIGHTS', number>>;
  readonly grad: (compute: (x: Tensor) => Tensor) => (x: Tensor, upstream?: Tensor) => Tensor;
}

interface Tensor {
  readonly dataSync: () => Float32Array;
  readonly dispose: () => void;
}

/** The union package: with tfjs-core alone, gradients throw. */
export async function importTfjs(owner: string): Promise<Tfjs> {
  const made = ['scalar', 'tensor1d', 'tensor2d', 'tidy'];
  const called = ['softmax', 'logSoftmax', 'logSumExp', 'losses', 'Reduction', 'grad'];
  const needed = ['setBackend', ...made, ...called];
  return (await importPackage(owner, '@tensorflow/tfjs', needed)) as Tfjs;
}

const ofLoss = ['reduction', 'classWeights', 'rowWeights', 'labelSmoothing'] as const;

/**
 * What its loss takes. Its weights are of rows: those of their targets, which soft labels have none of, are multiplied by them. No index is ignored: a row of weight 0 is NaN where it holds
 * NaN. Its default reduction divides by the number of weights that are not 0.
 */
export const tfjsDeclaration: Declaration = {
  semantics: 'tfjs',
  options: { crossEntropy: ofLoss, crossEntropyGrad: [...ofLoss, 'upstream'] },
};

const reductions = {
  mean: 'SUM_BY_NONZERO_WEIGHTS',
  sum: 'SUM',
  none: 'NONE',
} as const satisfies Readonly<Record<Reduction, keyof Tfjs['Reduction']>>;

/** Its operations; the gradients are those of `tf.grad`. */
export function tfjsKernel(tf: Tfjs): Kernel {
  /** Only the answer's tensor outlives `tidy`, until its numbers are read. */
  const numbersOf = (compute: () => Tensor): Float32Array => {
    const answer = tf.tidy(compute);
    try {
      return answer.dataSync();
    } finally {
      answer.dispose();
    }
  };
  const loss = (
    logits: Tensor,
    targets: Int32Array,
    rows: number,
    cols: number,
    { reduction = 'mean', classWeights, rowWeights, labelSmoothing = 0 }: Options = {},
  ): Tensor => {
    const weightOf = (target: number, r: number): number =>
      (classWeights?.[target] ?? 1) * (rowWeights?.[r] ?? 1);
    const isWeighted = classWeights !== undefined || rowWeights !== undefined;
    const weights = isWeighted ? tf.tensor1d(Float32Array.from(targets, weightOf)) : undefined;
    const labels = tf.tensor2d(oneHot(targets, cols), [rows, cols]);
    const { [reductions[reduction]]: how } = tf.Reduction;
    return tf.losses.softmaxCrossEntropy(labels, logits, weights, labelSmoothing, how);
  };
  const upstreamOf = ({ upstream = 1, reduction }: Options, rows: number): Tensor => {
    if (typeof upstream !== 'number') return tf.tensor1d(upstream);
    return reduction === 'none' ? tf.tensor1d(new Float32Array(rows).fill(upstream)) : tf.scalar(upstream);
  };
  const gradient =
    (operation: (logits: Tensor) => Tensor) =>
    (upstream: Float32Array, logits: Float32Array, rows: number, cols: number): Float32Array =>
      numbersOf(() =>
        tf.grad(operation)(tf.tensor2d(logits, [rows, cols]), tf.tensor2d(upstream, [rows, cols])),
      );
  return {
    softmax: (logits, rows, cols) => numbersOf(() => tf.softmax(tf.tensor2d(logits, [rows, cols]))),
    logSoftmax: (logits, rows, cols) => numbersOf(() => tf.logSoftmax(tf.tensor2d(logits, [rows, cols]))),
    logSumExp: (logits, rows, cols) => numbersOf(() => tf.logSumExp(tf.tensor2d(logits, [rows, cols]), 1)),
    crossEntropy(logits, targets, rows, cols, options) {
      const losses = numbersOf(() => loss(tf.tensor2d(logits, [rows, cols]), targets, rows, cols, options));
      return options?.reduction === 'none' ? losses : losses[0];
    },
    crossEntropyGrad: (logits, targets, rows, cols, options = {}) =>
      numbersOf(() =>
        tf.grad((x) => loss(x, targets, rows, cols, options))(
          tf.tensor2d(logits, [rows, cols]),
          upstreamOf(options, rows),
        ),
      ),
    softmaxGrad: gradient((x) => tf.softmax(x)),
    logSoftmaxGrad: gradient((x) => tf.logSoftmax(x)),
  };
}

/** Rows of zeros with a 1 at each target: `tf.oneHot` refuses a single class. */
function oneHot(targets: Int32Array, cols: number): Float32Array {
  const labels = new Float32Array(targets.length * cols);
  targets.forEach((target, row) => {
    labels[row * cols + target] = 1;
  });
  return labels;
}
