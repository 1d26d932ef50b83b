/** The target contract: the functions that an implementation exports, and the one way in which they are called. */
import { type Batch, upstreamOf } from './batch.ts';
import { type Operation, operations, usesTargets, usesUpstream } from './operation.ts';
import type { Options } from './options.ts';

/** An answer, or a promise of it. */
type Awaitable<T> = T | Promise<T>;

/** Of row-major FP32 logits of rows*cols. */
type LogitsFunction<T> = (
  logits: Float32Array,
  rows: number,
  cols: number,
  options?: Options,
) => Awaitable<T>;

/** Of row-major FP32 logits of rows*cols, and of a target for each row. */
type LossFunction<T> = (
  logits: Float32Array,
  /** Class indices; a Float32Array of rows*cols numbers where a target takes probabilities. */
  targets: Int32Array,
  rows: number,
  cols: number,
  options?: Options,
) => Awaitable<T>;

/** Of row-major upstream values and logits, FP32 both, of rows*cols each: the upstream values times the operation's Jacobian. */
type VectorJacobianFunction = (
  upstream: Float32Array,
  logits: Float32Array,
  rows: number,
  cols: number,
  options?: Options,
) => Awaitable<Float32Array>;

/** An implementation of some operations, given the options that its target declares. No function may change its arguments; any may return a promise. */
export interface Kernel {
  /** e^(x_i - lse): rows*cols values. */
  readonly softmax?: LogitsFunction<Float32Array>;
  /** x_i - lse: rows*cols values. */
  readonly logSoftmax?: LogitsFunction<Float32Array>;
  /** lse of each row: rows values. */
  readonly logSumExp?: LogitsFunction<Float32Array>;
  /** The mean over the rows of lse - x_t; with options as `reduction` has it, under none the rows' own. */
  readonly crossEntropy?: LossFunction<number | Float32Array>;
  /** The gradient of the mean loss with respect to the logits: rows*cols values. */
  readonly crossEntropyGrad?: LossFunction<Float32Array>;
  /** p_i (g_i - sum_j g_j p_j), for an upstream gradient g of the shape of the logits: rows*cols values. */
  readonly softmaxGrad?: VectorJacobianFunction;
  /** g_i - p_i sum_j g_j: rows*cols values. */
  readonly logSoftmaxGrad?: VectorJacobianFunction;
}

/** A kernel with every operation, answering at once. */
export type CompleteKernel = {
  readonly [O in Exclude<Operation, 'crossEntropy'>]-?: (
    ...args: Parameters<NonNullable<Kernel[O]>>
  ) => Awaited<ReturnType<NonNullable<Kernel[O]>>>;
} & { readonly crossEntropy: LossAtOnce };

/** A loss is a number, unless options leave the rows' as they are. */
interface LossAtOnce {
  (logits: Float32Array, targets: Int32Array, rows: number, cols: number): number;
  (...args: Parameters<LossFunction<number>>): number | Float32Array;
}

/** The operations that `kernel` implements, in the order of {@link operations}. */
export function operationsOf(kernel: Kernel): Operation[] {
  return operations.filter((operation) => typeof kernel[operation] === 'function');
}

/**
 * What `kernel` returns for `batch`, as it is: nothing is checked, copied or converted. Its function sees the kernel
 * as `this`. The batch's options, where it has some, come last. A batch without upstream values gives all ones where some are needed.
 * @throws TypeError when the kernel lacks the operation, and whatever the kernel throws.
 */
export function callKernel(kernel: Kernel, operation: Operation, batch: Batch): unknown {
  const { logits, targets, rows, cols, options, layout } = batch;
  const implementation = kernel[operation] as ((...args: readonly unknown[]) => unknown) | undefined;
  if (implementation === undefined) throw new TypeError(`the kernel has no ${operation}`);
  if (usesTargets(operation) && options?.probabilities !== undefined)
    return callWithProbabilities(kernel, implementation, batch);
  const given = options === undefined && layout === undefined ? [] : [{ ...options, ...layout }];
  if (usesTargets(operation)) return implementation.call(kernel, logits, targets, rows, cols, ...given);
  if (usesUpstream(operation))
    return implementation.call(kernel, upstreamOf(batch), logits, rows, cols, ...given);
  return implementation.call(kernel, logits, rows, cols, ...given);
}

/** What a kernel that answers at once returns, a loss that is one number in an array of one. Throws as {@link callKernel} does. */
export function answerOf(kernel: CompleteKernel, operation: Operation, batch: Batch): Float32Array {
  const answer = callKernel(kernel, operation, batch) as number | Float32Array;
  return typeof answer === 'number' ? Float32Array.of(answer) : answer;
}

/** The call of a loss or its gradient whose targets are probabilities: they stand in the targets' place. */
function callWithProbabilities(
  kernel: Kernel,
  implementation: (...args: readonly unknown[]) => unknown,
  { logits, rows, cols, options, layout }: Batch,
): unknown {
  const { probabilities, ...others } = options ?? {};
  const rest = { ...others, ...layout };
  const given = Object.keys(rest).length === 0 ? [] : [rest];
  return implementation.call(kernel, logits, probabilities, rows, cols, ...given);
}
