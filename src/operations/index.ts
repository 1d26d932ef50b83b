/** Every operation: what is missing here does not compile. */
import type { Batch } from '../core/batch.ts';
import { keep, keepLast } from '../core/keep.ts';
import {
  answersBatch,
  type BatchOperation,
  type Operation,
  type RowOperation,
  usesTargets,
} from '../core/operation.ts';
import { steepnessOf } from '../options/index.ts';
import { type LossTerms, termsOf } from '../options/loss/terms.ts';
import type { RowUpstream } from '../row/upstream.ts';
import { crossEntropy } from './cross-entropy/index.ts';
import { lossWithOptions } from './cross-entropy/with-options/index.ts';
import { crossEntropyGrad } from './cross-entropy-grad/index.ts';
import { gradientWithOptions } from './cross-entropy-grad/with-options.ts';
import { logSoftmax } from './log-softmax/index.ts';
import { logSoftmaxGrad } from './log-softmax-grad/index.ts';
import { logSumExp } from './log-sum-exp/index.ts';
import { type Inputs, type LossSpec, NO_TARGET, type RowSpec } from './operation.ts';
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

/** What an operation becomes where its loss has options. */
const withTerms: { readonly [O in RowOperation]?: (terms: LossTerms) => RowSpec } = {
  crossEntropyGrad: gradientWithOptions,
};

/** The operations of the batch that was asked for last: numbers of an answer are asked for one by one. */
const rowSpecsFor = keepLast((batch: Batch) =>
  keep((operation: RowOperation): RowSpec => {
    const { options = {} } = batch;
    const terms = termsFor(operation, batch);
    const withOptions = terms === null ? undefined : withTerms[operation]?.(terms);
    return throughOptions(withOptions ?? rowSpecs[operation], steepnessOf(options));
  }),
);

/** The operation for a batch, with the batch's options: a derivative is by the logits before them. */
export function rowSpecOf(operation: RowOperation, batch: Batch): RowSpec {
  return batch.options === undefined ? rowSpecs[operation] : rowSpecsFor(batch)(operation);
}

const lossFor = keepLast(lossWithOptions);

/** The loss for a batch, with the batch's options. */
export function lossSpecOf(operation: BatchOperation, batch: Batch): LossSpec {
  const terms = termsFor(operation, batch);
  return terms === null ? lossSpecs[operation] : lossFor(terms);
}

/** What the batch's losses are made of, for an operation that is of them; null where they have no options. */
export function termsFor(operation: Operation, batch: Batch): LossTerms | null {
  return usesTargets(operation) ? termsOf(batch) : null;
}

/** What the formulas of `operation` need beside row `r`, with its upstream values. */
export function inputsOf(
  operation: Operation,
  batch: Batch,
  r: number,
  upstream: RowUpstream | null,
): Inputs {
  const target = targetOf(operation, batch, r);
  return { target, share: 1 / batch.rows, upstream, r, terms: termsFor(operation, batch) };
}

/** The target of row `r`, no index where the operation uses none. */
export function targetOf(operation: Operation, { targets }: Batch, r: number): number {
  return usesTargets(operation) ? targets[r] : NO_TARGET;
}

/** What both kinds say of the operation for a batch. */
export function specOf(operation: Operation, batch: Batch): Common {
  return answersBatch(operation) ? lossSpecOf(operation, batch) : rowSpecOf(operation, batch);
}
