/**
 * Softmax by its definition, and cross-entropy as -log of it: the kernel of a first chapter.
 */
import type { CompleteKernel } from '../core/kernel.ts';
import { type Arithmetic, fp32 } from './arithmetic.ts';
import { mean, sumRows } from './reduce.ts';

/** The kernel over an arithmetic. */
export function createNaive(arithmetic: Arithmetic): CompleteKernel {
  const { exp, log, neg, add, mul, div } = arithmetic;

  function exponentials(logits: Float32Array): Float32Array {
    const exps = new Float32Array(logits.length);
    for (let i = 0; i < logits.length; i++) exps[i] = exp(logits[i]);
    return exps;
  }

  function divideRows(values: Float32Array, divisors: Float32Array, cols: number): Float32Array {
    const quotients = new Float32Array(values.length);
    for (let row = 0, i = 0; row < divisors.length; row++) {
      for (const end = i + cols; i < end; i++) quotients[i] = div(values[i], divisors[row]);
    }
    return quotients;
  }

  function softmax(logits: Float32Array, rows: number, cols: number): Float32Array {
    const exps = exponentials(logits);
    return divideRows(exps, sumRows(arithmetic, exps, rows, cols), cols);
  }

  function logSoftmax(logits: Float32Array, rows: number, cols: number): Float32Array {
    const result = softmax(logits, rows, cols);
    for (let i = 0; i < result.length; i++) result[i] = log(result[i]);
    return result;
  }

  function logSumExp(logits: Float32Array, rows: number, cols: number): Float32Array {
    const result = sumRows(arithmetic, exponentials(logits), rows, cols);
    for (let row = 0; row < rows; row++) result[row] = log(result[row]);
    return result;
  }

  function crossEntropy(logits: Float32Array, targets: Int32Array, rows: number, cols: number): number {
    const probabilities = softmax(logits, rows, cols);
    const losses = new Float32Array(rows);
    for (let row = 0; row < rows; row++) losses[row] = neg(log(probabilities[row * cols + targets[row]]));
    return mean(arithmetic, losses);
  }

  function crossEntropyGrad(
    logits: Float32Array,
    targets: Int32Array,
    rows: number,
    cols: number,
  ): Float32Array {
    const exps = exponentials(logits);
    const sums = sumRows(arithmetic, exps, rows, cols);
    const probabilities = divideRows(exps, sums, cols);

    // mean, -log and the choice of the target: d(loss)/d(probabilities), 0 but at the targets.
    const upstream = neg(div(1, rows));
    const gradient = new Float32Array(rows * cols);
    for (let row = 0; row < rows; row++) {
      const target = row * cols + targets[row];
      gradient[target] = div(upstream, probabilities[target]);
    }

    // exps / sums: the divisor collects -g * ((exps / sums) / sums) over its row.
    const gradientOfDivisor = divideRows(probabilities, sums, cols);
    for (let i = 0; i < gradient.length; i++)
      gradientOfDivisor[i] = mul(neg(gradient[i]), gradientOfDivisor[i]);
    const gradientOfSums = sumRows(arithmetic, gradientOfDivisor, rows, cols);
    const gradientOfExps = divideRows(gradient, sums, cols);

    for (let row = 0, i = 0; row < rows; row++) {
      for (const end = i + cols; i < end; i++) {
        gradient[i] = mul(add(gradientOfExps[i], gradientOfSums[row]), exps[i]);
      }
    }
    return gradient;
  }

  return { softmax, logSoftmax, logSumExp, crossEntropy, crossEntropyGrad };
}

/** The naive kernel in FP32. */
export const naive: CompleteKernel = createNaive(fp32);
