/** The operations that a kernel may implement and that the oracle answers. */

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
 * | crossEntropy | mean over rows of lse - x_t | 1 |
 * | crossEntropyGrad | d(mean loss)/d logits | rows*cols |
 * | softmaxGrad | d(sum g_j p_j)/d logits: p_i (g_i - sum g_j p_j) | rows*cols |
 * | logSoftmaxGrad | d(sum g_j ln p_j)/d logits: g_i - p_i sum g_j | rows*cols |
 */
export type Operation = (typeof operations)[number];

/** Whether the operation reads a batch's targets: the loss and its gradient do. */
export function usesTargets(operation: Operation): boolean {
  return operation === 'crossEntropy' || operation === 'crossEntropyGrad';
}

/** The operations that read a batch's upstream values: products of a vector with a Jacobian. */
export type VectorJacobian = 'softmaxGrad' | 'logSoftmaxGrad';

/** Whether the operation reads a batch's upstream values: the gradients of softmax and log-softmax do. */
export function usesUpstream(operation: Operation): operation is VectorJacobian {
  return operation === 'softmaxGrad' || operation === 'logSoftmaxGrad';
}

/** How many numbers the operation answers for a batch of `rows` x `cols`. */
export function outputLength(operation: Operation, rows: number, cols: number): number {
  if (operation === 'crossEntropy') return 1;
  return operation === 'logSumExp' ? rows : rows * cols;
}
