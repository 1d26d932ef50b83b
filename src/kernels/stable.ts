/**
 * Softmax and cross-entropy shifted by the row's maximum: the article's stable_cross_entropy.
 */
import type { CompleteKernel } from '../core/kernel.ts';
import { type Arithmetic, fp32 } from './arithmetic.ts';
import { argmaxRows, mean, sumRows } from './reduce.ts';

/** The kernel over an arithmetic. */
export function createStable(arithmetic: Arithmetic): CompleteKernel {
  const { exp, log, neg, add, sub, mul, div } = arithmetic;

  /** Each logit minus its row's maximum; `argmaxes` are indices into `logits`. */
  function shift(logits: Float32Array, argmaxes: Int32Array, cols: number): Float32Array {
    const shifted = new Float32Array(logits.length);
    for (let row = 0, i = 0; row < argmaxes.length; row++) {
      const max = logits[argmaxes[row]];
      for (const end = i + cols; i < end; i++) shifted[i] = sub(logits[i], max);
    }
    return shifted;
  }

  function exponentials(shifted: Float32Array): Float32Array {
    const exps = new Float32Array(shifted.length);
    for (let i = 0; i < shifted.length; i++) exps[i] = exp(shifted[i]);
    return exps;
  }

  function softmax(logits: Float32Array, rows: number, cols: number): Float32Array {
    const result = exponentials(shift(logits, argmaxRows(logits, rows, cols), cols));
    const sums = sumRows(arithmetic, result, rows, cols);
    for (let row = 0, i = 0; row < rows; row++) {
      for (const end = i + cols; i < end; i++) result[i] = div(result[i], sums[row]);
    }
    return result;
  }

  function logSoftmax(logits: Float32Array, rows: number, cols: number): Float32Array {
    const result = shift(logits, argmaxRows(logits, rows, cols), cols);
    const sums = sumRows(arithmetic, exponentials(result), rows, cols);
    for (let row = 0, i = 0; row < rows; row++) {
      const logSum = log(sums[row]);
      for (const end = i + cols; i < end; i++) result[i] = sub(result[i], logSum);
    }
    return result;
  }

  function logSumExp(logits: Float32Array, rows: number, cols: number): Float32Array {
    const argmaxes = argmaxRows(logits, rows, cols);
    const result = sumRows(arithmetic, exponentials(shift(logits, argmaxes, cols)), rows, cols);
    for (let row = 0; row < rows; row++) result[row] = add(log(result[row]), logits[argmaxes[row]]);
    return result;
  }

  function crossEntropy(logits: Float32Array, targets: Int32Array, rows: number, cols: number): number {
    const losses = logSumExp(logits, rows, cols);
    for (let row = 0; row < rows; row++) losses[row] = sub(losses[row], logits[row * cols + targets[row]]);
    return mean(arithmetic, losses);
  }

  function crossEntropyGrad(
    logits: Float32Array,
    targets: Int32Array,
    rows: number,
    cols: number,
  ): Float32Array {
    const argmaxes = argmaxRows(logits, rows, cols);
    const exps = exponentials(shift(logits, argmaxes, cols));
    const sums = sumRows(arithmetic, exps, rows, cols);

    const upstream = div(1, rows);
    const gradient = new Float32Array(rows * cols);
    for (let row = 0, i = 0; row < rows; row++) {
      const upstreamOfExps = div(upstream, sums[row]);
      let gradientOfMax = 0;
      for (const end = i + cols; i < end; i++) {
        gradient[i] = mul(upstreamOfExps, exps[i]);
        gradientOfMax = add(gradientOfMax, neg(gradient[i]));
      }
      const target = row * cols + targets[row];
      gradient[target] = add(neg(upstream), gradient[target]);
      const argmax = argmaxes[row];
      gradient[argmax] = add(gradient[argmax], add(upstream, gradientOfMax));
    }
    return gradient;
  }

  return { softmax, logSoftmax, logSumExp, crossEntropy, crossEntropyGrad };
}

/** The stable kernel in FP32. */
export const stable: CompleteKernel = createStable(fp32);
