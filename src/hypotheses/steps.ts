/**
 * A kernel in FP32 steps, each of which a hypothesis may replace: what a kernel with exactly that fault would answer.
 *
 *     m = max_j x_j    w_j = e^(x_j - m)    S = sum_j w_j    L = ln S
 *     softmax w_i / S    logSoftmax (x_i - m) - L    logSumExp m + L    loss of a row L - (x_t - m)
 */
import { type Batch, createBatch, rowOf, rowOfValues, upstreamOf } from '../core/batch.ts';
import type { CompleteKernel } from '../core/kernel.ts';
import { outputLength, type RowOperation } from '../core/operation.ts';
import { fp32 } from '../kernels/arithmetic.ts';
import { takingOptions } from '../kernels/options.ts';

const f32 = Math.fround;

/** The steps of a row. */
export interface Steps {
  readonly max: (row: Float32Array, batch: Batch) => number;
  readonly exp: (d: number) => number;
  readonly sum: (weights: Float32Array, row: Float32Array, max: number) => number;
  readonly logProbability: (x: number, max: number, sum: number, weight: number) => number;
  /** The probability from which a loss's gradient is made. */
  readonly saved: (x: number, max: number, sum: number, weight: number) => number;
  readonly target: (target: number, cols: number) => number;
  /** The share of a row in a mean. */
  readonly share: (rows: number) => number;
}

/** Every step right. */
export const right: Steps = {
  max: (row) => row.reduce((max, x) => Math.max(max, x), Number.NEGATIVE_INFINITY),
  exp: (d) => f32(Math.exp(d)),
  sum: (weights) => weights.reduce((sum, weight) => f32(sum + weight), 0),
  logProbability: (x, max, sum) => f32(f32(x - max) - f32(Math.log(sum))),
  saved: (_x, _max, sum, weight) => f32(weight / sum),
  target: (target) => target,
  share: (rows) => 1 / rows,
};

/** A kernel that is right but for `changes`, of which options are steps before and behind. */
export function kernelWith(changes: Partial<Steps>): CompleteKernel {
  const steps = { ...right, ...changes };
  const elementwise =
    (operation: 'softmax' | 'logSoftmax' | 'logSumExp') =>
    (logits: Float32Array, rows: number, cols: number): Float32Array =>
      rowsAnswer(steps, operation, createBatch(rows, cols, logits));
  const product =
    (operation: 'softmaxGrad' | 'logSoftmaxGrad') =>
    (upstream: Float32Array, logits: Float32Array, rows: number, cols: number): Float32Array =>
      rowsAnswer(steps, operation, { ...createBatch(rows, cols, logits), upstream });
  return takingOptions(fp32, {
    softmax: elementwise('softmax'),
    logSoftmax: elementwise('logSoftmax'),
    logSumExp: elementwise('logSumExp'),
    crossEntropy(logits, targets, rows, cols) {
      const batch = createBatch(rows, cols, logits, targets);
      const losses = Array.from({ length: rows }, (_, r) => lossOf(steps, batch, r));
      return f32(losses.reduce((sum, loss) => sum + loss, 0) * steps.share(rows));
    },
    crossEntropyGrad: (logits, targets, rows, cols) =>
      rowsAnswer(steps, 'crossEntropyGrad', createBatch(rows, cols, logits, targets)),
    softmaxGrad: product('softmaxGrad'),
    logSoftmaxGrad: product('logSoftmaxGrad'),
  });
}

function rowsAnswer(steps: Steps, operation: RowOperation, batch: Batch): Float32Array {
  const { rows, cols } = batch;
  const answer = new Float32Array(outputLength(operation, rows, cols));
  const length = answer.length / rows;
  for (let r = 0; r < rows; r++) answer.set(rowAnswer(steps, operation, batch, r), r * length);
  return answer;
}

interface Reduced {
  readonly row: Float32Array;
  readonly max: number;
  readonly weights: Float32Array;
  readonly sum: number;
}

function reduced({ max, exp, sum }: Steps, batch: Batch, r: number): Reduced {
  const row = rowOf(batch, r);
  const top = max(row, batch);
  const weights = row.map((x) => exp(f32(x - top)));
  return { row, max: top, weights, sum: sum(weights, row, top) };
}

function lossOf(steps: Steps, batch: Batch, r: number): number {
  const { row, max, sum, weights } = reduced(steps, batch, r);
  const target = steps.target(batch.targets[r], batch.cols);
  return -steps.logProbability(row[target], max, sum, weights[target]);
}

function rowAnswer(steps: Steps, operation: RowOperation, batch: Batch, r: number): ArrayLike<number> {
  const { row, max, weights, sum } = reduced(steps, batch, r);
  const probabilities = weights.map((weight) => weight / sum);
  const upstream = rowOfValues(upstreamOf(batch), batch, r);
  const total = (values: Float32Array): number => values.reduce((all, value) => f32(all + value), 0);
  switch (operation) {
    case 'softmax':
      return probabilities;
    case 'logSoftmax':
      return row.map((x, i) => steps.logProbability(x, max, sum, weights[i]));
    case 'logSumExp':
      return [f32(max + f32(Math.log(sum)))];
    case 'crossEntropyGrad': {
      const target = steps.target(batch.targets[r], batch.cols);
      return row.map((x, i) => {
        const p = steps.saved(x, max, sum, weights[i]);
        return f32((i === target ? p - 1 : p) * steps.share(batch.rows));
      });
    }
    case 'softmaxGrad': {
      const dot = total(probabilities.map((p, i) => p * upstream[i]));
      return probabilities.map((p, i) => f32(p * f32(upstream[i] - dot)));
    }
    case 'logSoftmaxGrad': {
      const all = total(upstream);
      return row.map((x, i) => f32(upstream[i] - f32(steps.saved(x, max, sum, weights[i]) * all)));
    }
  }
}
