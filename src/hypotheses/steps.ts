/**
 * A kernel in FP32 steps, each of which a hypothesis may replace: what a kernel with exactly that fault would answer.
 *
 *     m = max_j x_j    w_j = e^(x_j - m)    S = sum_j w_j    L = ln S
 *     softmax w_i / S    logSoftmax (x_i - m) - L    logSumExp m + L    loss of a row L - (x_t - m)
 */
import { type Batch, rowOf, rowOfValues, upstreamOf } from '../core/batch.ts';
import { type CompleteKernel, callKernel } from '../core/kernel.ts';
import { type Operation, operations, outputLength, type RowOperation } from '../core/operation.ts';
import type { Options } from '../core/options.ts';
import { fp32 } from '../kernels/arithmetic.ts';
import { type OptionChanges, takingOptions } from '../kernels/options.ts';

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
  /** Changes the answer to a row to what is stored of it; `perLogit` where it has a number for each logit. */
  readonly stored: (answer: Float32Array, row: Row, perLogit: boolean) => void;
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
  stored: () => {},
};

/** The operations that a step is taken in. */
export const takenIn: Readonly<Record<keyof Steps, readonly Operation[]>> = {
  read: operations,
  max: operations,
  exp: operations,
  terms: operations,
  add: operations,
  sum: operations,
  log: ['logSoftmax', 'logSumExp', 'crossEntropy'],
  probability: ['softmax', 'softmaxGrad'],
  logProbability: ['logSoftmax', 'crossEntropy'],
  logSumExp: ['logSumExp'],
  saved: ['crossEntropyGrad', 'logSoftmaxGrad'],
  target: ['crossEntropy', 'crossEntropyGrad'],
  loss: ['crossEntropy'],
  derivative: ['crossEntropyGrad'],
  share: ['crossEntropy', 'crossEntropyGrad'],
  upstream: ['softmaxGrad', 'logSoftmaxGrad'],
  total: ['softmaxGrad', 'logSoftmaxGrad'],
  softmaxProduct: ['softmaxGrad'],
  logSoftmaxProduct: ['logSoftmaxGrad'],
  stored: operations.filter((operation) => operation !== 'crossEntropy'),
};

/** A kernel of the steps of `base` but for `changes`, of which options are steps before and behind, but for `ofOptions`. */
export function kernelWith(
  changes: Partial<Steps>,
  base: Steps = right,
  ofOptions: OptionChanges = {},
): CompleteKernel {
  const steps = { ...base, ...changes };
  const elementwise =
    (operation: 'softmax' | 'logSoftmax' | 'logSumExp') =>
    (logits: Float32Array, rows: number, cols: number, applied?: Options): Float32Array =>
      rowsAnswer(steps, operation, given(rows, cols, logits, applied));
  const product =
    (operation: 'softmaxGrad' | 'logSoftmaxGrad') =>
    (
      upstream: Float32Array,
      logits: Float32Array,
      rows: number,
      cols: number,
      applied?: Options,
    ): Float32Array =>
      rowsAnswer(steps, operation, { ...given(rows, cols, logits, applied), upstream });
  const plain: CompleteKernel = {
    softmax: elementwise('softmax'),
    logSoftmax: elementwise('logSoftmax'),
    logSumExp: elementwise('logSumExp'),
    crossEntropy(logits: Float32Array, targets: Int32Array, rows: number, cols: number, applied?: Options) {
      const batch = given(rows, cols, logits, applied, targets);
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += lossOf(steps, batch, r);
      return f32(sum * steps.share(batch));
    },
    crossEntropyGrad: (logits, targets, rows, cols, applied) =>
      rowsAnswer(steps, 'crossEntropyGrad', given(rows, cols, logits, applied, targets)),
    softmaxGrad: product('softmaxGrad'),
    logSoftmaxGrad: product('logSoftmaxGrad'),
  };
  return takingOptions(fp32, plain, ofOptions);
}

/** Every step right, with sums in double precision. */
export const precise: Steps = { ...right, add: addInDouble, total: addInDouble };

/** The steps by which a row is reduced; what is read is in further steps too. */
const reducing: readonly (keyof Steps)[] = ['max', 'exp', 'terms', 'add', 'sum'];

/**
 * What a kernel of such changes reduces the rows of a batch to, as numbers, sums to 48 bits: where they are those of a right one, its answers are.
 * Null where other steps are changed.
 */
export function reductionWith(
  changes: Partial<Steps>,
  base: Steps = right,
): ((batch: Batch) => Float32Array) | null {
  if (!Object.keys(changes).every((step) => reducing.some((each) => each === step))) return null;
  const steps = { ...base, ...changes };
  const { logSumExp } = takingOptions(fp32, {
    ...kernelWith(changes, base),
    logSumExp(logits, rows, cols, applied) {
      const batch = given(rows, cols, logits, applied);
      const all = new Float32Array(rows * (cols + 3));
      for (let r = 0; r < rows; r++) {
        const { max, weights, sum } = reduced(steps, batch, r);
        all.set([max, sum, sum - f32(sum)], r * (cols + 3));
        all.set(weights, r * (cols + 3) + 3);
      }
      return all;
    },
  });
  return (batch) => callKernel({ logSumExp }, 'logSumExp', batch) as Float32Array;
}

/** The arguments of a call as a batch; its options are those of which the logits were made, a sink the last of a row. */
function given(
  rows: number,
  cols: number,
  logits: Float32Array,
  options: Options | undefined,
  targets: Int32Array = new Int32Array(rows),
): Batch {
  const batch: Batch = { rows, cols, logits, targets, upstream: null };
  return options === undefined ? batch : { ...batch, options };
}

function rowsAnswer(steps: Steps, operation: RowOperation, batch: Batch): Float32Array {
  const { rows, cols, options } = batch;
  const answer = new Float32Array(outputLength(operation, rows, cols, options));
  const length = answer.length / rows;
  const perLogit = operation !== 'logSumExp';
  for (let r = 0; r < rows; r++) {
    const row = rows === 1 ? answer : answer.subarray(r * length, (r + 1) * length);
    const from = reduced(steps, batch, r);
    answerRow(steps, operation, from, row);
    steps.stored(row, from, perLogit);
  }
  return answer;
}

/** Room for the weights of one row: what a row is reduced to is there until the next is. Arrays of their own are half of the time of many short calls. */
let room = new Float32Array(1024);

function weightsOf(n: number): Float32Array {
  if (room.length < n) room = new Float32Array(2 * n);
  return room.subarray(0, n);
}

function reduced(steps: Steps, batch: Batch, r: number): Reduced {
  const { read, exp, terms, add, sum, log } = steps;
  const raw = { x: rowOf(batch, r), r, batch };
  const x = read(raw);
  const row = x === raw.x ? raw : { x, r, batch };
  const max = steps.max(row);
  const weights = weightsOf(x.length);
  for (let i = 0; i < x.length; i++) weights[i] = exp(f32(x[i] - max));
  const total = sum(add(terms(weights, row, max, steps)), row);
  return { x, r, batch, max, weights, sum: total, logSum: log(total) };
}

function lossOf(steps: Steps, batch: Batch, r: number): number {
  const row = reduced(steps, batch, r);
  return steps.loss(steps.target(batch.targets[r], row), row, steps);
}

function answerRow(steps: Steps, operation: RowOperation, row: Reduced, answer: Float32Array): void {
  const { batch, r, x } = row;
  switch (operation) {
    case 'softmax':
      for (let i = 0; i < x.length; i++) answer[i] = steps.probability(i, row);
      return;
    case 'logSoftmax':
      for (let i = 0; i < x.length; i++) answer[i] = steps.logProbability(i, row);
      return;
    case 'logSumExp':
      answer[0] = steps.logSumExp(row.max, row.logSum);
      return;
    case 'crossEntropyGrad': {
      const target = steps.target(batch.targets[r], row);
      const share = steps.share(batch);
      for (let i = 0; i < x.length; i++)
        answer[i] = steps.derivative(steps.saved(i, row), i, target, row) * share;
      return;
    }
    case 'softmaxGrad': {
      const upstream = steps.upstream(row);
      const p = x.map((_, i) => steps.probability(i, row));
      const dot = steps.total(p.map((each, i) => each * upstream[i]));
      for (let i = 0; i < x.length; i++) answer[i] = steps.softmaxProduct(p[i], upstream[i], dot);
      return;
    }
    case 'logSoftmaxGrad': {
      const upstream = steps.upstream(row);
      const all = steps.total(upstream);
      for (let i = 0; i < x.length; i++)
        answer[i] = steps.logSoftmaxProduct(steps.saved(i, row), upstream[i], all);
      return;
    }
  }
}
