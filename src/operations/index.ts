/** Every operation: what is missing here does not compile. */
import type { Batch } from '../core/batch.ts';
import {
  answersBatch,
  type BatchOperation,
  type Operation,
  type RowOperation,
  usesTargets,
} from '../core/operation.ts';
import { mostEnlarged, steepest } from '../options/index.ts';
import { type LossTerms, termsOf } from '../options/loss/terms.ts';
import type { RowUpstream } from '../row/upstream.ts';
import { crossEntropy } from './cross-entropy/index.ts';
import { lossWithOptions } from './cross-entropy/with-options/index.ts';
import { crossEntropyGrad } from './cross-entropy-grad/index.ts';
import { gradientWithOptions } from './cross-entropy-grad/with-options.ts';
import { logSoftmax } from './log-softmax/index.ts';
import { logSoftmaxGrad } from './log-softmax-grad/index.ts';
import { logSumExp } from './log-sum-exp/index.ts';
import type { Inputs, LossSpec, RowSpec } from './operation.ts';
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

/** What was made for the options of a batch, by operation. */
const made = new WeakMap<Batch, Map<Operation, RowSpec | LossSpec>>();

/** `make`, called once for an operation of a batch: numbers of an answer are asked for one by one. */
function kept<S extends RowSpec | LossSpec>(operation: Operation, batch: Batch, make: () => S): S {
  const ofBatch = made.get(batch) ?? new Map<Operation, RowSpec | LossSpec>();
  if (ofBatch.size === 0) made.set(batch, ofBatch);
  const spec = (ofBatch.get(operation) as S | undefined) ?? make();
  ofBatch.set(operation, spec);
  return spec;
}

/** The operation for a batch, with the batch's options: a derivative is by the logits before them. */
export function rowSpecOf(operation: RowOperation, batch: Batch): RowSpec {
  const { options } = batch;
  if (options === undefined) return rowSpecs[operation];
  return kept(operation, batch, () => {
    const terms = termsFor(operation, batch);
    const withOptions = terms === null ? undefined : withTerms[operation]?.(terms);
    return throughOptions(withOptions ?? rowSpecs[operation], steepest(options), mostEnlarged(options));
  });
}

/** The loss for a batch, with the batch's options. */
export function lossSpecOf(operation: BatchOperation, batch: Batch): LossSpec {
  const terms = termsFor(operation, batch);
  return terms === null ? lossSpecs[operation] : kept(operation, batch, () => lossWithOptions(terms));
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
  return { target: batch.targets[r], share: 1 / batch.rows, upstream, r, terms: termsFor(operation, batch) };
}

/** What both kinds say of the operation for a batch. */
export function specOf(operation: Operation, batch: Batch): Common {
  return answersBatch(operation) ? lossSpecOf(operation, batch) : rowSpecOf(operation, batch);
}
