/** A batch on which textbook formulas are right too, and what about is right for it: in double precision, at once for any size. */
import { type Batch, createBatch, rowOf, rowOfValues, upstreamOf } from '../core/batch.ts';
import { type Operation, usesUpstream } from '../core/operation.ts';
import type { Declaration } from '../core/target.ts';

/** Logits from -1 to 2, of no order, of the sizes that are declared or 2 x 3. */
export function harmlessBatch(
  operation: Operation,
  { rows = 2, cols = 3 }: Pick<Declaration, 'rows' | 'cols'>,
): Batch {
  const first = [0, 1, 2, 1.5, -0.5, 0.25];
  const logits = Array.from({ length: rows * cols }, (_, k) => first[k] ?? 3 * ((k * 0.618034) % 1) - 1);
  const targets = Array.from({ length: rows }, (_, r) => Math.min(r % 2 === 0 ? 2 : 1, cols - 1));
  const upstream = logits.map((_, k) => [1, -0.5, 0.25, 2, 0.75, -1][k % 6]);
  return createBatch(rows, cols, logits, targets, usesUpstream(operation) ? upstream : null);
}

/** The answer of `operation` for a harmless batch, to some 12 digits. */
export function harmlessAnswer(operation: Operation, batch: Batch): number[] {
  const { rows, targets } = batch;
  const answers = Array.from({ length: rows }, (_, r) => {
    const row = rowOf(batch, r);
    return ofRow(operation, row, targets[r], rowOfValues(upstreamOf(batch), batch, r));
  }).flat();
  if (operation === 'crossEntropy') return [sum(answers) / rows];
  return operation === 'crossEntropyGrad' ? answers.map((x) => x / rows) : answers;
}

function ofRow(operation: Operation, row: Float32Array, target: number, upstream: Float32Array): number[] {
  const x = Array.from(row);
  const lse = Math.log(sum(x.map(Math.exp)));
  const p = x.map((logit) => Math.exp(logit - lse));
  switch (operation) {
    case 'softmax':
      return p;
    case 'logSoftmax':
      return x.map((logit) => logit - lse);
    case 'logSumExp':
      return [lse];
    case 'crossEntropy':
      return [lse - x[target]];
    case 'crossEntropyGrad':
      return p.map((each, i) => each - Number(i === target));
    case 'softmaxGrad': {
      const mean = sum(p.map((each, i) => each * upstream[i]));
      return p.map((each, i) => each * (upstream[i] - mean));
    }
    case 'logSoftmaxGrad': {
      const total = sum(Array.from(upstream));
      return p.map((each, i) => upstream[i] - each * total);
    }
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, x) => total + x, 0);
}
