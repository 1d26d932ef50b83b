/**
 * Softmax and cross-entropy shifted by the maximum of the row: the article's stable_cross_entropy.
 *
 *     m = max_j x_j    s_i = x_i - m    S = sum_j e^s_j    lse = ln S + m    loss = mean over the rows of lse - x_t
 *     softmax e^s_i / S                 logSoftmax s_i - ln S
 *
 * Error (Blanchard, Higham & Higham, doi 10.1093/imanum/draa038, section 4, with n classes and u = 2^-24). Let
 * d_i = m - x_i, exactly. Rounding s_i moves it by at most d_i u, which is a relative error of e^s_i; in S those
 * errors weigh as the p_i, so they come to D u with D = sum_j p_j d_j. Since the entropy of p is D + ln S, D <= ln n.
 * Every exp is at most 1 and S is in [1, n]: nothing overflows, and what underflows is nothing beside S. To first order,
 *
 *     softmax     (n + 2 + d_i + D) u relative, and 2^-149 absolute where subnormal
 *     logSoftmax  (n + D) u + (d_i + ln S) u + u |ln p_i| absolute
 *     logSumExp   (n + D) u + u ln S + u |lse| absolute
 *     a row's loss  the error of lse + u |loss|
 *     softmaxGrad     p_i [|g_i - c| (t_i + 2) + sum_j |g_j| p_j (t_j + n)] u absolute, with t the factor of softmax
 *                     and c = sum_j g_j p_j
 *     logSoftmaxGrad  p_i |v| (t + 2) u + p_i (n - 1) u sum_j |g_j| + u |g_i - p_i v| absolute, with v = sum_j g_j and
 *                     t = n + D + 2 d_i + 2 L + 1, since exp turns the absolute error of ln p_i into a relative one
 *
 * The two vector-Jacobian products are PyTorch's: y (g - sum g y) and g - e^y sum g, from the operation's own answer y.
 *
 * (Their theorems 4.2 and 4.3 have x_max - x_min for d_i and for D: true, and far from tight.) Where it breaks:
 *
 * - The loss inherits u |lse|, which is about u |m|, however small it is itself: at logits [2^24, 2^24] lse rounds to
 *   2^24 and the loss to 0 for ln 2. `s_t - ln S` would keep it.
 * - A row of only -Infinity, or with a +Infinity, is NaN throughout, as m - m is, where lse is -Infinity or +Infinity.
 *   s_i itself may overflow to -Infinity: right for softmax, and for ln p_i, which is then beyond FP32 as well.
 * - The gradient at the target, (p_t - 1) / rows, has an absolute error of about n u / rows: no digit is sure as p_t
 *   goes to 1.
 */
import type { CompleteKernel } from '../core/kernel.ts';
import { type Arithmetic, fp32 } from './arithmetic.ts';
import { argmaxRows, divideRows, dotRows, exponentials, mean, sumRows } from './matrix.ts';
import { takingOptions } from './options.ts';

/** The stable kernel, every step taken by `arithmetic`. */
export function createStable(arithmetic: Arithmetic): CompleteKernel {
  const { log, neg, add, sub, mul, div } = arithmetic;

  /** Each logit minus the maximum of its row. */
  function shift(logits: Float32Array, argmaxes: Int32Array): Float32Array {
    const cols = logits.length / argmaxes.length;
    const shifted = new Float32Array(logits.length);
    for (let row = 0, i = 0; row < argmaxes.length; row++) {
      const max = logits[argmaxes[row]];
      for (const end = i + cols; i < end; i++) shifted[i] = sub(logits[i], max);
    }
    return shifted;
  }

  function softmax(logits: Float32Array, rows: number): Float32Array {
    const exps = exponentials(arithmetic, shift(logits, argmaxRows(logits, rows)));
    return divideRows(arithmetic, exps, sumRows(arithmetic, exps, rows));
  }

  function logSoftmax(logits: Float32Array, rows: number, cols: number): Float32Array {
    const result = shift(logits, argmaxRows(logits, rows));
    const sums = sumRows(arithmetic, exponentials(arithmetic, result), rows);
    for (let row = 0, i = 0; row < rows; row++) {
      const logSum = log(sums[row]);
      for (const end = i + cols; i < end; i++) result[i] = sub(result[i], logSum);
    }
    return result;
  }

  function logSumExp(logits: Float32Array, rows: number): Float32Array {
    const argmaxes = argmaxRows(logits, rows);
    const result = sumRows(arithmetic, exponentials(arithmetic, shift(logits, argmaxes)), rows);
    for (let row = 0; row < rows; row++) result[row] = add(log(result[row]), logits[argmaxes[row]]);
    return result;
  }

  function crossEntropy(logits: Float32Array, targets: Int32Array, rows: number, cols: number): number {
    const losses = logSumExp(logits, rows);
    for (let row = 0; row < rows; row++) losses[row] = sub(losses[row], logits[row * cols + targets[row]]);
    return mean(arithmetic, losses);
  }

  /**
   * Reverse mode through the steps of the loss, the maximum included: its derivative is 1 - sum_j p_j, exactly 0, and
   * its rounding errors go to the first of the largest logits. A logit collects the gradients of its three uses as
   * autograd does, the last use first: target, shift, maximum. Zeros are not added; no sum here can be -0.
   */
  function crossEntropyGrad(
    logits: Float32Array,
    targets: Int32Array,
    rows: number,
    cols: number,
  ): Float32Array {
    const argmaxes = argmaxRows(logits, rows);
    const exps = exponentials(arithmetic, shift(logits, argmaxes));
    const sums = sumRows(arithmetic, exps, rows);

    const ofLoss = div(1, rows);
    const ofLogits = new Float32Array(rows * cols);
    for (let row = 0, i = 0; row < rows; row++) {
      const ofSum = div(ofLoss, sums[row]);
      let ofShift = 0;
      for (const end = i + cols; i < end; i++) {
        ofLogits[i] = mul(ofSum, exps[i]);
        ofShift = add(ofShift, neg(ofLogits[i]));
      }
      const target = row * cols + targets[row];
      ofLogits[target] = add(neg(ofLoss), ofLogits[target]);
      const argmax = argmaxes[row];
      ofLogits[argmax] = add(ofLogits[argmax], add(ofLoss, ofShift));
    }
    return ofLogits;
  }

  /** PyTorch's _softmax_backward_data. */
  function softmaxGrad(upstream: Float32Array, logits: Float32Array, rows: number): Float32Array {
    const result = softmax(logits, rows);
    const cols = logits.length / rows;
    const dots = dotRows(arithmetic, upstream, result, rows);
    for (let row = 0, i = 0; row < rows; row++) {
      for (const end = i + cols; i < end; i++) result[i] = mul(sub(upstream[i], dots[row]), result[i]);
    }
    return result;
  }

  /** PyTorch's _log_softmax_backward_data. */
  function logSoftmaxGrad(
    upstream: Float32Array,
    logits: Float32Array,
    rows: number,
    cols: number,
  ): Float32Array {
    const result = exponentials(arithmetic, logSoftmax(logits, rows, cols));
    const sums = sumRows(arithmetic, upstream, rows);
    for (let row = 0, i = 0; row < rows; row++) {
      for (const end = i + cols; i < end; i++) result[i] = sub(upstream[i], mul(result[i], sums[row]));
    }
    return result;
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

/** The stable kernel in FP32. */
export const stable: CompleteKernel = createStable(fp32);
