/** Every operation: what is missing here does not compile. */
import type { Batch } from '../core/batch.ts';
import { answersBatch, type BatchOperation, type Operation, type RowOperation } from '../core/operation.ts';
import { steepest } from '../options/index.ts';
import { crossEntropy } from './cross-entropy/index.ts';
import { crossEntropyGrad } from './cross-entropy-grad/index.ts';
import { logSoftmax } from './log-softmax/index.ts';
import { logSoftmaxGrad } from './log-softmax-grad/index.ts';
import { logSumExp } from './log-sum-exp/index.ts';
import type { LossSpec, RowSpec } from './operation.ts';
import { softmax } from './softmax/index.ts';
import { softmaxGrad } from './softmax-grad/index.ts';
import { throughOptions } from './through-options.ts';

/** The operations that answer each row for itself. */
export const rowSpecs: Readonly<Record<RowOperation, RowSpec>> = {
  softmax,
  logSoftmax,
  logSumExp,
  crossEntropyGrad,
  softmaxGrad,
  logSoftmaxGrad,
};

/** The operations that answer one number for all rows. */
export const lossSpecs: Readonly<Record<BatchOperation, LossSpec>> = { crossEntropy };

/** What both kinds say of an operation. */
type Common = Pick<RowSpec, 'special' | 'isInRange' | 'unit'>;

/** What both kinds say of each operation, without options. */
export const specs: Readonly<Record<Operation, Common>> = { ...rowSpecs, ...lossSpecs };

/** The operation for a batch: a derivative is by the logits before the batch's options. */
export function rowSpecOf(operation: RowOperation, { options }: Batch): RowSpec {
  return options === undefined ? rowSpecs[operation] : throughOptions(rowSpecs[operation], steepest(options));
}

/** What both kinds say of the operation for a batch. */
export function specOf(operation: Operation, batch: Batch): Common {
  return answersBatch(operation) ? lossSpecs[operation] : rowSpecOf(operation, batch);
}
