/**
 * A row alone gives the bits that it gives in its batch. Within the two budgets the oracle sees to that; to the bit it
 * is a promise that many a fast kernel rightly does not make (it may add in another order for another number of rows), and
 * is asked only of targets that declare `batchInvariant: true`. The loss and its gradient divide by the number of rows.
 */
import { rowOf } from '../core/batch.ts';
import { definitions, outputLength } from '../core/operation.ts';
import type { Kind } from '../core/violation.ts';
import { toHex } from '../float32/bits.ts';
import { selectOptions } from '../options/index.ts';
import { observe } from '../targets/observe.ts';
import { type Breach, breach, firstDifference, kindOfFailure, type Question } from './law.ts';

/** See {@link Law}. */
export async function batchInvariant(question: Question): Promise<Breach | null> {
  const { operation, oracle } = question;
  const { rows } = oracle.batch;
  if (rows === 1 || definitions[operation].isOfMean) return null;
  return (await checkRow(question, 0)) ?? checkRow(question, rows - 1);
}

async function checkRow(question: Question, row: number): Promise<Breach | null> {
  const { target, operation, oracle, answer } = question;
  const { batch } = oracle;
  const cols = Array.from({ length: batch.cols }, (_, col) => col);
  const options = selectOptions(batch, { rows: [row], cols });
  const alone = {
    rows: 1,
    cols: batch.cols,
    logits: rowOf(batch, row),
    targets: batch.targets.slice(row, row + 1),
    upstream: batch.upstream?.subarray(row * batch.cols, (row + 1) * batch.cols) ?? null,
    ...(options && { options }),
  };
  const observed = await observe(target, operation, alone);
  const broken = (index: number | null, detail: string, kind: Kind = 'invariance') =>
    breach(question, answer, { law: 'batch-invariant', kind, index, detail });
  if (observed.status !== 'answered')
    return broken(null, `row ${row} alone: ${observed.detail}`, kindOfFailure(observed, 'invariance'));
  const perRow = outputLength(operation, 1, batch.cols, batch.options);
  const inBatch = answer.subarray(row * perRow, (row + 1) * perRow);
  const i = firstDifference(observed.output, inBatch);
  if (i === null) return null;
  const k = row * perRow + i;
  return broken(
    k,
    `output[${k}] is ${toHex(answer[k])}, and ${toHex(observed.output[i])} for row ${row} alone`,
  );
}
