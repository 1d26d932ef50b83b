/**
 * Rows are independent: with NaN for all logits of one row, the others are as right as before. The last row shows a kernel that
 * reads beyond the end of a row, or takes one maximum for all; the first one what is carried from row to row. The mean
 * loss is NaN then, and says nothing. A kernel that refuses NaN, by throwing, spreads none.
 */
import type { Batch } from '../core/batch.ts';
import { answersBatch } from '../core/operation.ts';
import { createOracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile-formats.ts';
import { observe } from '../targets/observe.ts';
import { type Breach, firstDifference, type Question } from './law.ts';

/** See {@link Law}. */
export async function nanIsolation(question: Question): Promise<Breach | null> {
  const { operation, oracle } = question;
  const { batch } = oracle;
  if (batch.rows === 1 || answersBatch(operation)) return null;
  for (const row of rowsTaken(batch)) {
    const breach = await checkRow(question, row);
    if (breach !== null) return breach;
  }
  return null;
}

/** The batches that the law has asked for beside `batch`. */
export function withNaNs(batch: Batch): Batch[] {
  return rowsTaken(batch).map((row) => withoutRow(batch, row));
}

const rowsTaken = ({ rows }: Batch): number[] => [rows - 1, 0];

async function checkRow(
  { target, operation, oracle, answer, verdict }: Question,
  row: number,
): Promise<Breach | null> {
  const batch = withoutRow(oracle.batch, row);
  const observed = await observe(target, operation, batch);
  if (observed.status !== 'answered') return null;
  const output = observed.output.slice();
  const perRow = output.length / batch.rows;
  const others = output.slice();
  others.set(answer.subarray(row * perRow, (row + 1) * perRow), row * perRow);
  if (firstDifference(others, answer) === null) return null;
  const violations = verdict(createOracle(batch), operation, output, profileOf(target));
  const violation = violations.find((each) => each.row !== row && each.trigger !== 'nan');
  if (violation === undefined) return null;
  const detail = `row ${violation.row} is right, but not with NaN for all logits of row ${row}`;
  return {
    output,
    violation: { ...violation, kind: 'invariance', law: 'nan-isolation', trigger: null, detail },
  };
}

function withoutRow(batch: Batch, row: number): Batch {
  return {
    ...batch,
    logits: batch.logits.slice().fill(Number.NaN, row * batch.cols, (row + 1) * batch.cols),
  };
}
