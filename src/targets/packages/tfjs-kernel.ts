/** TensorFlow.js as a kernel, whatever its backend. */
import type { Kernel } from '../../core/kernel.ts';
import { importPackage } from '../package.ts';

/** As much of its API as is used. */
export interface Tfjs {
  readonly setBackend: (name: string) => Promise<boolean>;
  readonly tensor2d: (values: Float32Array, shape: readonly [number, number]) => Tensor;
  readonly tidy: (compute: () => Tensor) => Tensor;
  readonly softmax: (logits: Tensor) => Tensor;
  readonly logSoftmax: (logits: Tensor) => Tensor;
  readonly logSumExp: (logits: Tensor, axis: number) => Tensor;
  readonly losses: { readonly softmaxCrossEntropy: (onehotLabels: Tensor, logits: Tensor) => Tensor };
  readonly grad: (compute: (x: Tensor) => Tensor) => (x: Tensor, upstream?: Tensor) => Tensor;
}

interface Tensor {
  readonly dataSync: () => Float32Array;
  readonly dispose: () => void;
}

/** The union package: with tfjs-core alone, gradients throw. */
export async function importTfjs(owner: string): Promise<Tfjs> {
  const needed = ['setBackend', 'tensor2d', 'tidy', 'softmax', 'logSoftmax', 'logSumExp', 'losses', 'grad'];
  return (await importPackage(owner, '@tensorflow/tfjs', needed)) as Tfjs;
}

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
  const loss = (logits: Tensor, targets: Int32Array, rows: number, cols: number): Tensor =>
    tf.losses.softmaxCrossEntropy(tf.tensor2d(oneHot(targets, cols), [rows, cols]), logits);
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
    crossEntropy: (logits, targets, rows, cols) =>
      numbersOf(() => loss(tf.tensor2d(logits, [rows, cols]), targets, rows, cols))[0],
    crossEntropyGrad: (logits, targets, rows, cols) =>
      numbersOf(() => tf.grad((x) => loss(x, targets, rows, cols))(tf.tensor2d(logits, [rows, cols]))),
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
