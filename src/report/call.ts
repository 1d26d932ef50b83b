/** An input as a person would write the call: `crossEntropy([[0, 89]], targets [1])`. */
import type { Batch } from '../core/batch.ts';
import { rowOf } from '../core/batch.ts';
import { type Operation, usesTargets } from '../core/operation.ts';
import { formatFloats } from '../float32/format.ts';

/** More logits than this are cut, with their number. */
const MOST = 24;

/** The call on one line. A single row stands without outer brackets, targets only where the operation reads them. */
export function formatCall(operation: Operation, batch: Batch): string {
  const rows = Array.from({ length: batch.rows }, (_, row) =>
    formatSome(rowOf(batch, row), Math.ceil(MOST / batch.rows)),
  );
  const shown = rows.length > MOST ? [...rows.slice(0, MOST), '…'] : rows;
  const logits = batch.rows === 1 ? rows[0] : `[${shown.join(', ')}]`;
  const targets = usesTargets(operation)
    ? `, ${batch.rows === 1 ? 'target' : 'targets'} ${targetsOf(batch)}`
    : '';
  return `${operation}(${logits}${targets})`;
}

/** The values in brackets, cut after `most`, with the number of all: `[0, 0, … 1024 in all]`. */
export function formatSome(values: Float32Array, most = MOST): string {
  if (values.length <= most) return formatFloats(values);
  return formatFloats(values.subarray(0, most)).replace(/]$/, `, … ${values.length} in all]`);
}

function targetsOf({ rows, targets }: Batch): string {
  if (rows === 1) return String(targets[0]);
  const shown = [...targets.subarray(0, MOST)].join(', ');
  return rows > MOST ? `[${shown}, …]` : `[${shown}]`;
}
