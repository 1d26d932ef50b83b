/** The operations that a kernel may implement and that the oracle answers. */

/** Every operation, in the order in which reports name them. */
export const operations = ['softmax', 'logSoftmax', 'logSumExp', 'crossEntropy', 'crossEntropyGrad'] as const;

/**
 * One of {@link operations}; x is a row of logits, lse = ln sum e^x, t the row's target:
 *
 * | operation | answer | shape |
 * |---|---|---|
 * | softmax | e^(x_i - lse) | rows*cols |
 * | logSoftmax | x_i - lse | rows*cols |
 * | logSumExp | lse | rows |
 * | crossEntropy | mean over rows of lse - x_t | 1 |
 * | crossEntropyGrad | d(mean loss)/d logits | rows*cols |
 */
export type Operation = (typeof operations)[number];

/** Whether the operation reads a batch's targets: the loss and its gradient do. */
export function usesTargets(operation: Operation): boolean {
  return operation === 'crossEntropy' || operation === 'crossEntropyGrad';
}

/** How many numbers the operation answers for a batch of `rows` x `cols`. */
export function outputLength(operation: Operation, rows: number, cols: number): number {
  if (operation === 'crossEntropy') return 1;
  return operation === 'logSumExp' ? rows : rows * cols;
}
