/**
 * The losses of rows and their gradients, with options, made of a kernel that has none:
 *
 *     q_j = (1 - e) w_t [j = t] + e / C w_j        loss = sum_j q_j l_j + zLoss lse^2,  l_j = -ln p_j
 *
 * the sum of the rows over the sum of their weights, or over their number. The gradient is the product of -q_j g with the Jacobian of ln p, and of 2 zLoss lse g
 * with that of lse, which is p; g is what is upstream, over what the mean divides by.
 *
 * Error: each product rounds once, C - 1 additions a row, N - 1 a batch.
 */
import type { CompleteKernel } from '../core/kernel.ts';
import type { Options } from '../core/options.ts';
import type { Arithmetic } from './arithmetic.ts';

/** Of rows of scores, which may be wider than there are classes. */
export interface Scores {
  readonly z: Float32Array;
  readonly width: number;
  readonly rows: number;
  readonly cols: number;
}

/** Losses of scores and their gradients by them, of the arithmetic. */
export function createLosses(arithmetic: Arithmetic, plain: CompleteKernel) {
  const { add, mul, div, sub, neg } = arithmetic;

  /** q_j of row `r`; null where it is ignored. */
  function coefficients(targets: Int32Array, r: number, cols: number, options: Options): Float32Array | null {
    const { ignoreIndex, classWeights, labelSmoothing: e = 0, probabilities } = options;
    const target = targets[r];
    if (probabilities === undefined && target === ignoreIndex) return null;
    const q = new Float32Array(cols);
    if (probabilities !== undefined) q.set(probabilities.subarray(r * cols, (r + 1) * cols));
    else q[target] = 1;
    if (e !== 0) {
      const share = div(e, cols);
      for (let j = 0; j < cols; j++) q[j] = add(mul(q[j], sub(1, e)), share);
    }
    if (classWeights !== undefined) for (let j = 0; j < cols; j++) q[j] = mul(q[j], classWeights[j]);
    return q;
  }

  /** What the mean divides by. */
  function divisorOf(targets: Int32Array, { reduction = 'mean', ...options }: Options): number {
    const { ignoreIndex, classWeights, probabilities } = options;
    if (reduction !== 'mean') return 1;
    if (probabilities !== undefined) return targets.length;
    let sum = 0;
    for (const target of targets)
      if (target !== ignoreIndex) sum = add(sum, classWeights === undefined ? 1 : classWeights[target]);
    return sum;
  }

  /** What the mean of zLoss divides by. */
  function countOf(targets: Int32Array, { reduction = 'mean', ignoreIndex, probabilities }: Options): number {
    if (reduction !== 'mean') return 1;
    return probabilities !== undefined ? targets.length : targets.filter((t) => t !== ignoreIndex).length;
  }

  /** The loss of the rows, as its reduction has it. */
  function loss(
    { z, width, rows, cols }: Scores,
    targets: Int32Array,
    options: Options,
  ): number | Float32Array {
    const { zLoss = 0, reduction, labelSmoothing: e = 0, probabilities } = options;
    const logs = plain.logSoftmax(z, rows, width).map(neg);
    const lses = zLoss === 0 ? null : plain.logSumExp(z, rows, width);
    const losses = new Float32Array(rows);
    const squares = new Float32Array(rows);
    for (let r = 0; r < rows; r++) {
      const q = coefficients(targets, r, cols, options);
      if (q === null) continue;
      const isDense = probabilities !== undefined || e !== 0;
      if (!isDense) losses[r] = mul(q[targets[r]], logs[r * width + targets[r]]);
      else for (let j = 0; j < cols; j++) losses[r] = add(losses[r], mul(q[j], logs[r * width + j]));
      if (lses !== null) squares[r] = mul(zLoss, mul(lses[r], lses[r]));
    }
    if (reduction === 'none') return lses === null ? losses : losses.map((each, r) => add(each, squares[r]));
    const total = div(losses.reduce(add), divisorOf(targets, options));
    return lses === null ? total : add(total, div(squares.reduce(add), countOf(targets, options)));
  }

  /** The derivatives of the loss by the scores. */
  function gradient({ z, width, rows, cols }: Scores, targets: Int32Array, options: Options): Float32Array {
    const { zLoss = 0, upstream = 1 } = options;
    const divisor = divisorOf(targets, options);
    const ofLogs = new Float32Array(rows * width);
    const upstreamOf = (r: number): number => (typeof upstream === 'number' ? upstream : upstream[r]);
    const isCounted = new Uint8Array(rows);
    for (let r = 0; r < rows; r++) {
      const q = coefficients(targets, r, cols, options);
      if (q === null) continue;
      isCounted[r] = 1;
      const share = div(upstreamOf(r), divisor);
      for (let j = 0; j < cols; j++) ofLogs[r * width + j] = neg(mul(q[j], share));
    }
    const derivatives = plain.logSoftmaxGrad(ofLogs, z, rows, width);
    const lses = zLoss === 0 ? null : plain.logSumExp(z, rows, width);
    const probabilities = zLoss === 0 ? null : plain.softmax(z, rows, width);
    const count = countOf(targets, options);
    for (let r = 0; r < rows; r++) {
      const from = r * width;
      if (isCounted[r] === 0) derivatives.fill(0, from, from + width);
      else if (lses !== null && probabilities !== null) {
        const share = mul(mul(mul(2, zLoss), lses[r]), div(upstreamOf(r), count));
        for (let j = from; j < from + width; j++)
          derivatives[j] = add(derivatives[j], mul(share, probabilities[j]));
      }
    }
    return derivatives;
  }

  return { loss, gradient };
}
