/** Every operation: what is missing here does not compile. */
import type { BatchOperation, Operation, RowOperation } from '../core/operation.ts';
import { crossEntropy } from './cross-entropy/index.ts';
import { crossEntropyGrad } from './cross-entropy-grad/index.ts';
import { logSoftmax } from './log-softmax/index.ts';
import { logSoftmaxGrad } from './log-softmax-grad/index.ts';
import { logSumExp } from './log-sum-exp/index.ts';
import type { LossSpec, RowSpec } from './operation.ts';
import { softmax } from './softmax/index.ts';
import { softmaxGrad } from './softmax-grad/index.ts';

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
export const specs: Readonly<Record<Operation, Pick<RowSpec, 'special' | 'isInRange' | 'unit'>>> = {
  ...rowSpecs,
  ...lossSpecs,
};
