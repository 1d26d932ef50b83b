/** An input as a person would write the call: `crossEntropy([[0, 89]], targets [1])`. */
import type { Batch } from '../core/batch.ts';
import { rowOfValues } from '../core/batch.ts';
import type { Explanation } from '../core/finding.ts';
import { type Answer, isAnswer } from '../core/kept.ts';
import { type Operation, usesTargets, usesUpstream } from '../core/operation.ts';
import { sameBits, toHex } from '../float32/bits.ts';
import { formatFloat } from '../float32/format.ts';

/** More logits or rows than this are cut, with their number. */
const MOST = 24;

/** Answers longer than this are shown by the one element that matters. */
const SHORT_ANSWER = 4;

/** What may be anything is shown as this. */
export const ANYTHING = '*';

/** The indices of logits and upstream values, and of rows for their targets, that may be anything. */
type Free = Pick<Explanation, 'logits' | 'targets' | 'upstream'>;

/**
 * The call on one line. A single row stands without outer brackets, targets and upstream values only where the operation
 * reads them. What is `free` is shown as {@link ANYTHING}.
 */
export function formatCall(
  operation: Operation,
  batch: Batch,
  most = MOST,
  free: Free = { logits: [], targets: [], upstream: [] },
): string {
  const logits = formatRows(batch, batch.logits, most, free.logits);
  const targets = usesTargets(operation)
    ? `, ${batch.rows === 1 ? 'target' : 'targets'} ${targetsOf(batch, most, free.targets)}`
    : '';
  const { upstream } = batch;
  const products = usesUpstream(operation)
    ? `, upstream ${upstream === null ? 'all 1' : formatRows(batch, upstream, most, free.upstream)}`
    : '';
  return `${operation}(${logits}${targets}${products})`;
}

/** Values of the batch's shape, row by row. */
function formatRows(batch: Batch, values: Float32Array, most: number, free: readonly number[]): string {
  const anything = new Set(free);
  const rows = Array.from({ length: Math.min(batch.rows, most) }, (_, row) => {
    const isFree = (col: number) => anything.has(row * batch.cols + col);
    return formatSome(rowOfValues(values, batch, row), Math.ceil(most / batch.rows), isFree);
  });
  if (batch.rows > most) rows.push(`… ${batch.rows} rows in all`);
  return batch.rows === 1 ? rows[0] : `[${rows.join(', ')}]`;
}

/** The values in brackets: `[1, 0]`. Of more than `most`, equal neighbours are counted: `[0 ×1000, 89, 0 ×23]`. */
export function formatSome(
  values: Float32Array,
  most = MOST,
  isFree: (k: number) => boolean = () => false,
): string {
  const textAt = (k: number) => (isFree(k) ? ANYTHING : formatFloat(values[k]));
  return `[${listOf(values, most, textAt, isFree).join(', ')}]`;
}

/** The words of the values, shortened as in {@link formatSome}: `42b20000 00000000`. */
export function formatWords(values: Float32Array, most: number): string {
  return listOf(values, most, (k) => toHex(values[k])).join(' ');
}

/** Each value as text, or where they are more than `most`, each run of equal ones, cut after `most` runs. */
function listOf(
  values: Float32Array,
  most: number,
  textAt: (k: number) => string,
  isFree: (k: number) => boolean = () => false,
): string[] {
  if (values.length <= most) return Array.from(values.keys(), textAt);
  const isSame = (k: number) =>
    isFree(k) === isFree(k - 1) && (isFree(k) || sameBits(values[k], values[k - 1]));
  const shown: string[] = [];
  for (let start = 0, end = 0; start < values.length; start = end) {
    if (shown.length === most) return [...shown, `… ${values.length} in all`];
    do end++;
    while (end < values.length && isSame(end));
    shown.push(end - start === 1 ? textAt(start) : `${textAt(start)} ×${end - start}`);
  }
  return shown;
}

/** A short answer as it is, `[1, 0]`; of a longer one the element at `index`, where the error shows: `output[1023] = 0`. */
export function formatAnswer(values: Answer, index: number | null): string {
  if (!isAnswer(values)) return `output[${values.index}] = ${formatFloat(values.value)}`;
  if (values.length <= SHORT_ANSWER || index === null) return formatSome(values, SHORT_ANSWER);
  return `output[${index}] = ${formatFloat(values[index])}`;
}

/** The same as {@link formatAnswer}, and then the words: `[1, 0]  3f800000 00000000`. */
export function formatAnswerWords(values: Answer, index: number | null): string {
  if (!isAnswer(values)) return `${formatAnswer(values, index)}  ${toHex(values.value)}`;
  const isShort = values.length <= SHORT_ANSWER || index === null;
  const words = isShort ? formatWords(values, SHORT_ANSWER) : toHex(values[index]);
  return `${formatAnswer(values, index)}  ${words}`;
}

function targetsOf({ rows, targets }: Batch, most: number, free: readonly number[]): string {
  const texts = Array.from(targets.subarray(0, most), (target, row) =>
    free.includes(row) ? ANYTHING : String(target),
  );
  if (rows === 1) return texts[0];
  const shown = texts.join(', ');
  return rows > most ? `[${shown}, …]` : `[${shown}]`;
}
