/** An input as a person would write the call: `crossEntropy([[0, 89]], targets [1])`. */
import type { Batch } from '../core/batch.ts';
import { rowOf } from '../core/batch.ts';
import { type Operation, usesTargets } from '../core/operation.ts';
import { sameBits, toHex } from '../float32/bits.ts';
import { formatFloat } from '../float32/format.ts';

/** More logits or rows than this are cut, with their number. */
const MOST = 24;

/** Answers longer than this are shown by the one element that matters. */
const SHORT_ANSWER = 4;

/** The call on one line. A single row stands without outer brackets, targets only where the operation reads them. */
export function formatCall(operation: Operation, batch: Batch, most = MOST): string {
  const rows = Array.from({ length: batch.rows }, (_, row) =>
    formatSome(rowOf(batch, row), Math.ceil(most / batch.rows)),
  );
  const shown = rows.length > most ? [...rows.slice(0, most), `… ${rows.length} rows in all`] : rows;
  const logits = batch.rows === 1 ? rows[0] : `[${shown.join(', ')}]`;
  const targets = usesTargets(operation)
    ? `, ${batch.rows === 1 ? 'target' : 'targets'} ${targetsOf(batch, most)}`
    : '';
  return `${operation}(${logits}${targets})`;
}

/** The values in brackets: `[1, 0]`. Of more than `most`, equal neighbours are counted: `[0 ×1000, 89, 0 ×23]`. */
export function formatSome(values: Float32Array, most = MOST): string {
  return `[${listOf(values, most, formatFloat).join(', ')}]`;
}

/** The words of the values, shortened as in {@link formatSome}: `42b20000 00000000`. */
export function formatWords(values: Float32Array, most: number): string {
  return listOf(values, most, toHex).join(' ');
}

/** Each value as text, or where they are more than `most`, each run of equal ones, cut after `most` runs. */
function listOf(values: Float32Array, most: number, format: (value: number) => string): string[] {
  if (values.length <= most) return Array.from(values, format);
  const starts = Array.from(values.keys()).filter((k) => k === 0 || !sameBits(values[k], values[k - 1]));
  const shown = starts.slice(0, most).map((start, i) => {
    const count = (starts[i + 1] ?? values.length) - start;
    return count === 1 ? format(values[start]) : `${format(values[start])} ×${count}`;
  });
  return starts.length > most ? [...shown, `… ${values.length} in all`] : shown;
}

/** A short answer as it is, `[1, 0]`; of a longer one the element at `index`, where the error shows: `output[1023] = 0`. */
export function formatAnswer(values: Float32Array, index: number | null): string {
  if (values.length <= SHORT_ANSWER || index === null) return formatSome(values, SHORT_ANSWER);
  return `output[${index}] = ${formatFloat(values[index])}`;
}

/** The same as {@link formatAnswer}, and then the words: `[1, 0]  3f800000 00000000`. */
export function formatAnswerWords(values: Float32Array, index: number | null): string {
  const isShort = values.length <= SHORT_ANSWER || index === null;
  const words = isShort ? formatWords(values, SHORT_ANSWER) : toHex(values[index]);
  return `${formatAnswer(values, index)}  ${words}`;
}

function targetsOf({ rows, targets }: Batch, most: number): string {
  if (rows === 1) return String(targets[0]);
  const shown = [...targets.subarray(0, most)].join(', ');
  return rows > most ? `[${shown}, …]` : `[${shown}]`;
}
