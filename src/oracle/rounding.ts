/**
 * Correct rounding to FP32 by double precision, where its error leaves no choice: with y^ the operation's approximate value and
 * e its proven error, all of [y^ - e, y^ + e] rounds to the same number. The ends are computed with an error of v |y^|
 * each, for which e is doubled: a reference is never better than its last rounding, so that e >= v |y^| wherever e > 0.
 */
import type { Batch } from '../core/batch.ts';
import { keep } from '../core/keep.ts';
import { answersBatch, numbersPerRow, type Operation, usesUpstream } from '../core/operation.ts';
import { fixedEntries } from '../operations/fixed.ts';
import { inputsOf, lossSpecOf, rowSpecOf } from '../operations/index.ts';
import type { Inputs } from '../operations/operation.ts';
import type { ApproximateRow } from '../row/approximate-row.ts';
import { isSpecial } from '../row/row.ts';
import { rowUpstream } from '../row/upstream.ts';

/** The rounded answer's number `k`; nothing where double precision cannot tell, or the number is special or 0. */
export type Rounding = (k: number) => number | undefined;

/** The rounding of each number of the answer of `operation`. `rows` are the batch's in double precision. */
export function createRounding(
  operation: Operation,
  batch: Batch,
  rows: readonly ApproximateRow[],
): Rounding {
  const { targets, cols } = batch;
  if (answersBatch(operation)) {
    const spec = lossSpecOf(operation, batch);
    return (k) => {
      const { value, error } = spec.approximate(rows, targets, k);
      return roundBetween(value - 2 * error, value + 2 * error);
    };
  }
  const spec = rowSpecOf(operation, batch);
  const { approximate, roundsToPlusZero } = spec;
  const { value, error } = approximate;
  const perRow = numbersPerRow(operation, cols);
  const inputs = rows.map((row, r): Inputs => {
    const upstream = usesUpstream(operation) && !isSpecial(row.kind) ? rowUpstream(batch, r, row) : null;
    return inputsOf(operation, batch, r, upstream);
  });
  const fixedIn = keep((r: number) => fixedEntries(spec, rows[r], inputs[r]));
  return (k) => {
    const r = Math.floor(k / perRow);
    const row = rows[r];
    if (isSpecial(row.kind)) return undefined;
    const i = k % perRow;
    const { target } = inputs[r];
    const fixed = fixedIn(r)(i);
    if (fixed !== null) return fixed;
    const reference = value(row, i, inputs[r]);
    const width = 2 * error(row, i, reference, inputs[r]);
    if (roundsToPlusZero(i, target) && Math.abs(reference) + width < 2 ** -151) return 0;
    return roundBetween(reference - width, reference + width);
  };
}

function roundBetween(low: number, high: number): number | undefined {
  const rounded = Math.fround(low);
  return rounded === Math.fround(high) && rounded !== 0 ? rounded : undefined;
}
