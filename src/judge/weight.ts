/**
 * How much an error matters: its size over the natural unit of the answer, so that one bound serves every operation.
 *
 * | answer | unit |
 * |---|---|
 * | softmax | 1, the sum of all probabilities |
 * | logSoftmax, logSumExp, crossEntropy | one nat, or |exact| where that is more |
 * | crossEntropyGrad | 1/N, the largest gradient of a row's share in the mean |
 * | softmaxGrad | the largest |g_j| of the row |
 * | logSoftmaxGrad | sum_j |g_j|, where it is more than the largest entry can be |
 *
 * A weight of 1 is an answer as wrong as a guess. Where the upstream values are all 0, so is the unit, and any error is Infinity.
 */
import type { Operation } from '../core/operation.ts';
import type { Inputs } from '../oracle/float64.ts';

/** The natural unit of an entry whose exact value is `exact`. */
export function naturalUnit(
  operation: Operation,
  exact: number,
  { share, upstream }: Pick<Inputs, 'share' | 'upstream'>,
): number {
  switch (operation) {
    case 'softmax':
      return 1;
    case 'logSoftmax':
    case 'logSumExp':
    case 'crossEntropy':
      return Math.max(1, Math.abs(exact));
    case 'crossEntropyGrad':
      return share;
    case 'softmaxGrad':
      return upstream?.largest ?? 1;
    case 'logSoftmaxGrad':
      return upstream?.magnitude ?? 1;
  }
}
