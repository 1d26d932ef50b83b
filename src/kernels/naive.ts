/**
 * Softmax by its definition, cross-entropy as minus its logarithm, and reverse mode through just these steps.
 *
 *     p_i = e^x_i / sum_j e^x_j        loss = mean over the rows of -ln p_t
 *
 * Error (Blanchard, Higham & Higham, "Accurately computing the log-sum-exp and softmax functions", IMA J. Numer.
 * Anal. 41(4), 2021, doi 10.1093/imanum/draa038, section 3). With n classes, u = 2^-24 and every exp and sum in the
 * normal range, p_i meets 1 rounding in its numerator, n in its denominator (an exp, then n - 1 additions; the one to
 * 0 is exact) and 1 in the division: to first order,
 *
 *     softmax     (n + 2) u relative
 *     logSoftmax  (n + 2) u + u |ln p_i| absolute, so no digit is sure where p_i is within n u of 1
 *     logSumExp   n u + u |lse| absolute
 *
 *     softmaxGrad     p_i ((n + 4) |g_i| + (3n + 6) sum_j |g_j| p_j) u absolute, where its two terms may cancel
 *     logSoftmaxGrad  ((2n + 7) |g_i| + (4n + 9) p_i sum_j |g_j|) u absolute
 *
 * (Backward, g_i / S meets n + 1 roundings, g_j (p_j / S) 2n + 4, their sum n - 1 more, and the last two steps with their
 * exp 3; a logarithm divides g by p first, which is n + 3.) Outside that range it breaks. The thresholds are EXP_OVERFLOW and EXP_UNDERFLOW of src/float32/constants.ts:
 *
 *     a logit  >=  88.72284   its exp is Infinity: its p is Infinity/Infinity = NaN, that of the smaller logits 0
 *     only the sum overflows  every p is 0, and ln p is -Infinity
 *     all      <= -103.97208  every exp is 0: every p is 0/0 = NaN
 *     all      <= -87.33655   every exp is subnormal: digits go missing, down to none
 *     x_t far below the max   p_t is 0: the loss is Infinity, its gradient NaN
 */
import type { CompleteKernel } from '../core/kernel.ts';
import { type Arithmetic, fp32 } from './arithmetic.ts';
import { divideRows, exponentials, mean, sumRows } from './matrix.ts';
import { takingOptions } from './options.ts';

/** The naive kernel, every step taken by `arithmetic`. */
export function createNaive(arithmetic: Arithmetic): CompleteKernel {
  const { log, neg, add, mul, div } = arithmetic;

  function softmax(logits: Float32Array, rows: number): Float32Array {
    const exps = exponentials(arithmetic, logits);
    return divideRows(arithmetic, exps, sumRows(arithmetic, exps, rows));
  }

  function logSoftmax(logits: Float32Array, rows: number): Float32Array {
    const result = softmax(logits, rows);
    for (let i = 0; i < result.length; i++) result[i] = log(result[i]);
    return result;
  }

  function logSumExp(logits: Float32Array, rows: number): Float32Array {
    const result = sumRows(arithmetic, exponentials(arithmetic, logits), rows);
    for (let row = 0; row < rows; row++) result[row] = log(result[row]);
    return result;
  }

  function crossEntropy(logits: Float32Array, targets: Int32Array, rows: number, cols: number): number {
    const probabilities = softmax(logits, rows);
    const losses = new Float32Array(rows);
    for (let row = 0; row < rows; row++) losses[row] = neg(log(probabilities[row * cols + targets[row]]));
    return mean(arithmetic, losses);
  }

  /** The derivative formulas are PyTorch's (tools/autograd/derivatives.yaml); g is the gradient of a step's result. */
  function crossEntropyGrad(
    logits: Float32Array,
    targets: Int32Array,
    rows: number,
    cols: number,
  ): Float32Array {
    const exps = exponentials(arithmetic, logits);
    const sums = sumRows(arithmetic, exps, rows);
    const probabilities = divideRows(arithmetic, exps, sums);

    // mean: g / rows; neg: -g; log: g / p; the choice of the target leaves 0 elsewhere.
    const ofLog = neg(div(1, rows));
    const ofProbabilities = new Float32Array(rows * cols);
    for (let row = 0; row < rows; row++) {
      const target = row * cols + targets[row];
      ofProbabilities[target] = div(ofLog, probabilities[target]);
    }

    return throughSoftmax(ofProbabilities, exps, sums, probabilities);
  }

  /** From the gradient of the probabilities to that of the logits. */
  function throughSoftmax(
    ofProbabilities: Float32Array,
    exps: Float32Array,
    sums: Float32Array,
    probabilities: Float32Array,
  ): Float32Array {
    const rows = sums.length;
    const cols = exps.length / rows;

    // exps / sums: g / sum for an exp, and -g ((exp / sum) / sum), added up over the row, for the sum.
    const ofExps = divideRows(arithmetic, ofProbabilities, sums);
    const shares = divideRows(arithmetic, probabilities, sums);
    for (let i = 0; i < shares.length; i++) shares[i] = mul(neg(ofProbabilities[i]), shares[i]);
    const ofSums = sumRows(arithmetic, shares, rows);

    // The sum hands its gradient to each exp; exp: g e^x.
    const ofLogits = new Float32Array(rows * cols);
    for (let row = 0, i = 0; row < rows; row++) {
      for (const end = i + cols; i < end; i++) ofLogits[i] = mul(add(ofExps[i], ofSums[row]), exps[i]);
    }
    return ofLogits;
  }

  function softmaxGrad(upstream: Float32Array, logits: Float32Array, rows: number): Float32Array {
    const exps = exponentials(arithmetic, logits);
    const sums = sumRows(arithmetic, exps, rows);
    return throughSoftmax(upstream, exps, sums, divideRows(arithmetic, exps, sums));
  }

  function logSoftmaxGrad(upstream: Float32Array, logits: Float32Array, rows: number): Float32Array {
    const exps = exponentials(arithmetic, logits);
    const sums = sumRows(arithmetic, exps, rows);
    const probabilities = divideRows(arithmetic, exps, sums);
    const ofProbabilities = upstream.slice(); // log: g / p
    for (let i = 0; i < exps.length; i++) ofProbabilities[i] = div(upstream[i], probabilities[i]);
    return throughSoftmax(ofProbabilities, exps, sums, probabilities);
  }

  return takingOptions(arithmetic, {
    softmax,
    logSoftmax,
    logSumExp,
    crossEntropy,
    crossEntropyGrad,
    softmaxGrad,
    logSoftmaxGrad,
  });
}

/** The naive kernel in FP32. */
export const naive: CompleteKernel = createNaive(fp32);
