/**
 * A correct kernel in steps, each of which a mutant may replace: what is not replaced is right.
 *
 *     m = max_j x_j    w_i = e^(x_i - m)    S = sum_j w_j    L = ln S
 *     softmax w_i / S    logSoftmax (x_i - m) - L    logSumExp m + L    loss of a row: minus the target's logSoftmax
 *
 * All in FP32, the sum in one accumulator: its profile is `sequential`. The mean alone is in FP64. Unlike `stable` it has no known findings.
 */
import type { CompleteKernel, Kernel } from '../../core/kernel.ts';
import type { Operation } from '../../core/operation.ts';

/** One row of a batch. */
export interface Row {
  readonly x: Float32Array;
  /** Its number, from 0. */
  readonly r: number;
  /** How many rows there are. */
  readonly rows: number;
  /** The logits of all rows. */
  readonly batch: Float32Array;
}

/** The steps of a kernel. Numbers are FP32 values. */
export interface Steps {
  readonly max: (row: Row) => number;
  readonly shift: (x: number, max: number) => number;
  readonly exp: (d: number) => number;
  /** w of a row. */
  readonly weights: (row: Row, max: number, steps: Steps) => Float32Array;
  readonly sum: (weights: Float32Array, row: Row, max: number, steps: Steps) => number;
  readonly divide: (weight: number, sum: number) => number;
  /** A row of softmax. */
  readonly probabilities: (weights: Float32Array, sum: number, row: Row, steps: Steps) => Float32Array;
  readonly log: (sum: number) => number;
  /** One number of logSoftmax. */
  readonly logProbability: (x: number, max: number, sum: number, steps: Steps) => number;
  readonly logSumExp: (max: number, sum: number, steps: Steps) => number;
  /** The loss of a row. */
  readonly loss: (row: Row, target: number, max: number, sum: number, steps: Steps) => number;
  readonly mean: (losses: Float32Array) => number;
  /** One number of the gradient, `p` being its probability. */
  readonly derivative: (p: number, i: number, target: number, row: Row) => number;
}

/** `x` rounded to FP32, to nearest. */
export const f32 = Math.fround;

/** FP32's e^x to within 1/2 + 2^-29 ULP. */
export function exp32(x: number): number {
  return f32(Math.exp(x));
}

/** The sum from left to right in one accumulator. */
export function sumOf(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum = f32(sum + values[i]);
  return sum;
}

/** The largest value, NaN where there is one, -Infinity of none. */
export function maxOf(values: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) max = Math.max(max, values[i]);
  return max;
}

/** Each value changed, in a new array. By a loop, as the designs go through millions of rows: map takes thrice the time. */
function mapped(values: Float32Array, change: (value: number) => number): Float32Array {
  const changed = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) changed[i] = change(values[i]);
  return changed;
}

/** Every step right. */
export const correct: Steps = {
  max: ({ x }) => maxOf(x),
  shift: (x, max) => f32(x - max),
  exp: exp32,
  weights: ({ x }, max, { shift, exp }) => mapped(x, (each) => exp(shift(each, max))),
  sum: sumOf,
  divide: (weight, sum) => f32(weight / sum),
  probabilities: (weights, sum, _row, { divide }) => mapped(weights, (weight) => divide(weight, sum)),
  log: (sum) => f32(Math.log(sum)),
  logProbability: (x, max, sum, { shift, log }) => f32(shift(x, max) - log(sum)),
  // PyTorch's logsumexp: an infinite maximum is the answer, where m - m would be NaN.
  logSumExp: (max, sum, { log }) => (Math.abs(max) === Number.POSITIVE_INFINITY ? max : f32(max + log(sum))),
  loss: ({ x }, target, max, sum, steps) => -steps.logProbability(x[target], max, sum, steps),
  // In FP64: in FP32 the sum may overflow where the mean does not.
  mean: (losses) => f32(losses.reduce((sum, loss) => sum + loss, 0) / losses.length),
  derivative: (p, i, target, { rows }) => f32(f32(i === target ? p - 1 : p) / rows),
};

/** The operations that steps make up. */
type InSteps = Extract<
  Operation,
  'softmax' | 'logSoftmax' | 'logSumExp' | 'crossEntropy' | 'crossEntropyGrad'
>;

/** The kernel of these operations whose steps are right but for `changes`. */
export function complete(changes: Partial<Steps> = {}): Pick<CompleteKernel, InSteps> {
  const steps = { ...correct, ...changes };

  /** What of a row every operation needs. */
  function reduce(row: Row) {
    const max = steps.max(row);
    const weights = steps.weights(row, max, steps);
    return { max, weights, sum: steps.sum(weights, row, max, steps) };
  }

  function probabilities(row: Row): Float32Array {
    const { weights, sum } = reduce(row);
    return steps.probabilities(weights, sum, row, steps);
  }

  return {
    softmax: (logits, rows) => byRow(logits, rows, probabilities),
    logSoftmax: (logits, rows) =>
      byRow(logits, rows, (row) => {
        const { max, sum } = reduce(row);
        return mapped(row.x, (x) => steps.logProbability(x, max, sum, steps));
      }),
    logSumExp: (logits, rows) =>
      byRow(logits, rows, (row) => {
        const { max, sum } = reduce(row);
        return Float32Array.of(steps.logSumExp(max, sum, steps));
      }),
    crossEntropy(logits, targets, rows) {
      const losses = byRow(logits, rows, (row) => {
        const { max, sum } = reduce(row);
        return Float32Array.of(steps.loss(row, targets[row.r], max, sum, steps));
      });
      return steps.mean(losses);
    },
    crossEntropyGrad: (logits, targets, rows) =>
      byRow(logits, rows, (row) =>
        probabilities(row).map((p, i) => steps.derivative(p, i, targets[row.r], row)),
      ),
  };
}

/** The answers for the rows, one behind the other; all of one length. */
export function byRow(logits: Float32Array, rows: number, answer: (row: Row) => Float32Array): Float32Array {
  const cols = logits.length / rows;
  let answers = new Float32Array();
  for (let r = 0; r < rows; r++) {
    const each = answer({ x: logits.subarray(r * cols, (r + 1) * cols), r, rows, batch: logits });
    if (r === 0) answers = new Float32Array(rows * each.length);
    answers.set(each, r * each.length);
  }
  return answers;
}

/** One operation of {@link complete}, alone. */
export function only(operation: InSteps, changes: Partial<Steps>): Kernel {
  const kernel = complete(changes);
  return { [operation]: kernel[operation] };
}

/** `x` rounded to nearest with `bits` significant bits, 11 in FP16 and 8 in bfloat16, their range left aside (Veltkamp). */
export function roundedTo(bits: number, x: number): number {
  const scaled = x * (2 ** (53 - bits) + 1);
  return Number.isFinite(scaled) ? scaled - (scaled - x) : x;
}
