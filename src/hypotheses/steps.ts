/**
 * A kernel in FP32 steps, each of which a hypothesis may replace: what a kernel with exactly that fault would answer.
 *
 *     m = max_j x_j    w_j = e^(x_j - m)    S = sum_j w_j    L = ln S
 *     softmax w_i / S    logSoftmax (x_i - m) - L    logSumExp m + L    loss of a row L - (x_t - m)
 */
import { type Batch, createBatch, rowOf, rowOfValues, upstreamOf } from '../core/batch.ts';
import type { CompleteKernel } from '../core/kernel.ts';
import { numbersPerRow, outputLength, type RowOperation } from '../core/operation.ts';
import { fp32 } from '../kernels/arithmetic.ts';
import { takingOptions } from '../kernels/options.ts';

const f32 = Math.fround;

/** A row of a batch. */
export interface Row {
  /** Its logits, as they are read. */
  readonly x: Float32Array;
  /** Its number, from 0. */
  readonly r: number;
  readonly batch: Batch;
}

/** What a row is reduced to. */
export interface Reduced extends Row {
  readonly max: number;
  readonly weights: Float32Array;
  readonly sum: number;
  readonly logSum: number;
}

/** The steps of a row. Numbers are FP32 values, but for sums where they are not rounded. */
export interface Steps {
  readonly read: (row: Row) => Float32Array;
  readonly max: (row: Row) => number;
  readonly exp: (d: number) => number;
  /** What is added up, of weights of the same row. */
  readonly terms: (weights: Float32Array, row: Row, max: number, steps: Steps) => Float32Array;
  readonly add: (terms: Float32Array) => number;
  /** The sum by which is divided and of which the logarithm is taken. */
  readonly sum: (sum: number, row: Row) => number;
  readonly log: (sum: number) => number;
  readonly probability: (i: number, reduced: Reduced) => number;
  readonly logProbability: (i: number, reduced: Reduced) => number;
  readonly logSumExp: (max: number, logSum: number) => number;
  /** The probability from which a loss's gradient is made. */
  readonly saved: (i: number, reduced: Reduced) => number;
  readonly target: (target: number, row: Row) => number;
  /** The loss of a row. */
  readonly loss: (target: number, reduced: Reduced, steps: Steps) => number;
  /** A number of the loss's gradient by the logits, of which `p` is the probability, before the row's share. */
  readonly derivative: (p: number, i: number, target: number, row: Row) => number;
  /** The share of a row in a mean. */
  readonly share: (batch: Batch) => number;
  readonly upstream: (row: Row) => Float32Array;
  /** The sum of upstream values, or of their products with probabilities. */
  readonly total: (values: Float32Array) => number;
  readonly softmaxProduct: (p: number, g: number, dot: number) => number;
  readonly logSoftmaxProduct: (p: number, g: number, total: number) => number;
  /** The answer to a row as it is stored; `perLogit` where it has a number for each logit. */
  readonly stored: (answer: Float32Array, row: Row, perLogit: boolean) => Float32Array;
}

/** The sum in one FP32 accumulator, from left to right. */
export const addInFp32: Steps['add'] = (terms) => {
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum = f32(sum + terms[i]);
  return sum;
};

/** The sum in double precision, which is not rounded. */
export const addInDouble: Steps['add'] = (terms) => {
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += terms[i];
  return sum;
};

/** Every step right. */
export const right: Steps = {
  read: ({ x }) => x,
  max: ({ x }) => {
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < x.length; i++) max = Math.max(max, x[i]);
    return max;
  },
  exp: (d) => f32(Math.exp(d)),
  terms: (weights) => weights,
  add: addInFp32,
  sum: (sum) => sum,
  log: (sum) => f32(Math.log(sum)),
  probability: (i, { weights, sum }) => f32(weights[i] / sum),
  logProbability: (i, { x, max, logSum }) => f32(f32(x[i] - max) - logSum),
  // An infinite maximum is the answer: max - max would be NaN.
  logSumExp: (max, logSum) => (Math.abs(max) === Number.POSITIVE_INFINITY ? max : f32(max + logSum)),
  saved: (i, { weights, sum }) => f32(weights[i] / sum),
  target: (target) => target,
  loss: (target, reduced, { logProbability }) => -logProbability(target, reduced),
  derivative: (p, i, target) => (i === target ? p - 1 : p),
  share: ({ rows }) => 1 / rows,
  upstream: ({ r, batch }) => rowOfValues(upstreamOf(batch), batch, r),
  total: addInFp32,
  softmaxProduct: (p, g, dot) => f32(p * f32(g - dot)),
  logSoftmaxProduct: (p, g, total) => f32(g - f32(p * total)),
  stored: (answer) => answer,
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
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += lossOf(steps, batch, r);
      return f32(sum * steps.share(batch));
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
  const perLogit = operation !== 'logSumExp';
  for (let r = 0; r < rows; r++) {
    const row = rowAnswer(steps, operation, reduced(steps, batch, r));
    answer.set(steps.stored(row, { x: rowOf(batch, r), r, batch }, perLogit), r * length);
  }
  return answer;
}

function reduced(steps: Steps, batch: Batch, r: number): Reduced {
  const { read, exp, terms, add, sum, log } = steps;
  const x = read({ x: rowOf(batch, r), r, batch });
  const row = { x, r, batch };
  const max = steps.max(row);
  const weights = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) weights[i] = exp(f32(x[i] - max));
  const total = sum(add(terms(weights, row, max, steps)), row);
  return { ...row, max, weights, sum: total, logSum: log(total) };
}

function lossOf(steps: Steps, batch: Batch, r: number): number {
  const row = reduced(steps, batch, r);
  return steps.loss(steps.target(batch.targets[r], row), row, steps);
}

function rowAnswer(steps: Steps, operation: RowOperation, row: Reduced): Float32Array {
  const { batch, r, x } = row;
  const answer = new Float32Array(numbersPerRow(operation, x.length));
  switch (operation) {
    case 'softmax':
      for (let i = 0; i < x.length; i++) answer[i] = steps.probability(i, row);
      return answer;
    case 'logSoftmax':
      for (let i = 0; i < x.length; i++) answer[i] = steps.logProbability(i, row);
      return answer;
    case 'logSumExp':
      answer[0] = steps.logSumExp(row.max, row.logSum);
      return answer;
    case 'crossEntropyGrad': {
      const target = steps.target(batch.targets[r], row);
      const share = steps.share(batch);
      for (let i = 0; i < x.length; i++)
        answer[i] = steps.derivative(steps.saved(i, row), i, target, row) * share;
      return answer;
    }
    case 'softmaxGrad': {
      const upstream = steps.upstream(row);
      const p = x.map((_, i) => steps.probability(i, row));
      const dot = steps.total(p.map((each, i) => each * upstream[i]));
      for (let i = 0; i < x.length; i++) answer[i] = steps.softmaxProduct(p[i], upstream[i], dot);
      return answer;
    }
    case 'logSoftmaxGrad': {
      const upstream = steps.upstream(row);
      const all = steps.total(upstream);
      for (let i = 0; i < x.length; i++)
        answer[i] = steps.logSoftmaxProduct(steps.saved(i, row), upstream[i], all);
      return answer;
    }
  }
}
