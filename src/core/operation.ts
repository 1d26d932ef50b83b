/** The operations that a kernel may implement and that the oracle answers. */
import type { Options } from './options.ts';

/** Every operation, in the order in which reports name them. */
export const operations = [
  'softmax',
  'logSoftmax',
  'logSumExp',
  'crossEntropy',
  'crossEntropyGrad',
  'softmaxGrad',
  'logSoftmaxGrad',
] as const;

/**
 * One of {@link operations}; x is a row of logits, lse = ln sum e^x, p = e^(x - lse), t the row's target, g its upstream
 * values:
 *
 * | operation | answer | shape |
 * |---|---|---|
 * | softmax | e^(x_i - lse) | rows*cols |
 * | logSoftmax | x_i - lse | rows*cols |
 * | logSumExp | lse | rows |
 * | crossEntropy | mean over rows of lse - x_t | 1; rows with the reduction none |
 * | crossEntropyGrad | d(mean loss)/d logits | rows*cols |
 * | softmaxGrad | d(sum g_j p_j)/d logits: p_i (g_i - sum g_j p_j) | rows*cols |
 * | logSoftmaxGrad | d(sum g_j ln p_j)/d logits: g_i - p_i sum g_j | rows*cols |
 */
export type Operation = (typeof operations)[number];

/** What the engine has to know of an operation's arguments and answer. */
export interface Definition {
  /** Whether it answers one number for a batch (a loss, but with options), for each row, or for each logit. */
  readonly answers: 'batch' | 'row' | 'logit';
  readonly readsTargets: boolean;
  readonly readsUpstream: boolean;
  /** Whether it is of the mean over the rows: of N rows each counts 1/N. */
  readonly isOfMean: boolean;
  /** Whether it answers a probability for each logit, but for a target's. */
  readonly answersProbabilities: boolean;
  /** Its number in frames, which never changes. */
  readonly code: number;
}

const ofLogits = {
  readsTargets: false,
  readsUpstream: false,
  isOfMean: false,
  answersProbabilities: false,
} as const;
const ofLoss = { ...ofLogits, readsTargets: true, isOfMean: true } as const;
const ofUpstream = { ...ofLogits, readsUpstream: true } as const;

/** Every operation's definition. */
export const definitions = {
  softmax: { answers: 'logit', ...ofLogits, answersProbabilities: true, code: 1 },
  logSoftmax: { answers: 'logit', ...ofLogits, code: 2 },
  logSumExp: { answers: 'row', ...ofLogits, code: 3 },
  crossEntropy: { answers: 'batch', ...ofLoss, code: 4 },
  crossEntropyGrad: { answers: 'logit', ...ofLoss, answersProbabilities: true, code: 5 },
  softmaxGrad: { answers: 'logit', ...ofUpstream, code: 6 },
  logSoftmaxGrad: { answers: 'logit', ...ofUpstream, code: 7 },
} as const satisfies Readonly<Record<Operation, Definition>>;

/** The operations of which this holds. */
type OperationsWith<D extends Partial<Definition>> = {
  [O in Operation]: (typeof definitions)[O] extends D ? O : never;
}[Operation];

/** The operations that answer one number for a batch: losses. */
export type BatchOperation = OperationsWith<{ answers: 'batch' }>;

/** The operations that answer each row for itself. */
export type RowOperation = Exclude<Operation, BatchOperation>;

/** The operations that answer a probability for each logit, the gradient but for its target's. */
export type ProbabilityOperation = OperationsWith<{ answersProbabilities: true }>;

/** Whether `operation` is a {@link ProbabilityOperation}. */
export function hasProbabilities(operation: Operation): operation is ProbabilityOperation {
  return definitions[operation].answersProbabilities;
}

/** The operations that read a batch's upstream values: products of a vector with a Jacobian. */
export type VectorJacobian = OperationsWith<{ readsUpstream: true }>;

/** Whether the operation is a loss: it answers one number for a whole batch, unless its rows' losses are left as they are. */
export function answersBatch(operation: Operation): operation is BatchOperation {
  return definitions[operation].answers === 'batch';
}

/** Whether the operation reads a batch's targets: the loss and its gradient do. */
export function usesTargets(operation: Operation): boolean {
  return definitions[operation].readsTargets;
}

/** Whether the operation reads a batch's upstream values: the gradients of softmax and log-softmax do. */
export function usesUpstream(operation: Operation): operation is VectorJacobian {
  return definitions[operation].readsUpstream;
}

/** How many numbers a row of `cols` logits is answered with, by an operation that answers rows. */
export function numbersPerRow(operation: RowOperation, cols: number): number {
  return definitions[operation].answers === 'row' ? 1 : cols;
}

/** Whether it answers one number, of all rows. */
export function answersOne(operation: Operation, options: Options | undefined): operation is BatchOperation {
  return answersBatch(operation) && options?.reduction !== 'none';
}

/** The row of a batch that number `k` of an answer belongs to; null where it is of all rows. */
export function rowAt(
  operation: Operation,
  k: number,
  { cols, options }: { readonly cols: number; readonly options?: Options },
): number | null {
  if (answersBatch(operation)) return options?.reduction === 'none' ? k : null;
  return Math.floor(k / numbersPerRow(operation, cols));
}

/** The share of one of `rows` rows in the answer of `operation`. */
export function shareOf(operation: Operation, rows: number): number {
  return definitions[operation].isOfMean ? 1 / rows : 1;
}

/** How many numbers the operation answers for a batch of `rows` x `cols`, with these options. */
export function outputLength(
  operation: Operation,
  rows: number,
  cols: number,
  options: Options | undefined,
): number {
  if (answersBatch(operation)) return answersOne(operation, options) ? 1 : rows;
  return rows * numbersPerRow(operation, cols);
}
