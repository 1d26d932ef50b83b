/** An input as a person would write the call: `crossEntropy([[0, 89]], targets [1])`. */
import type { Batch } from '../core/batch.ts';
import { rowOfValues } from '../core/batch.ts';
import type { Call } from '../core/call.ts';
import type { Explanation } from '../core/finding.ts';
import { gridOf } from '../core/grid.ts';
import { type Answer, isAnswer } from '../core/kept.ts';
import { type Operation, usesTargets, usesUpstream } from '../core/operation.ts';
import { isScalar } from '../core/options.ts';
import { sameBits } from '../float32/bits.ts';
import { formatFloat } from '../float32/format.ts';
import type { Format } from '../formats/format.ts';
import { fp32 } from '../formats/index.ts';
import { toHexIn } from '../formats/words.ts';
import { optionNames } from '../options/index.ts';

/** More logits or rows than this are cut, with their number. */
const MOST = 24;

/** Of more rows than this, those that are equal to the one before are counted. */
const FEW_ROWS = 4;

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
  free: Free = nothingFree,
): string {
  const logits = formatRows(batch, batch.logits, most, free.logits);
  const targets =
    usesTargets(operation) && batch.options?.probabilities === undefined
      ? `, ${batch.rows === 1 ? 'target' : 'targets'} ${targetsOf(batch, most, free.targets)}`
      : '';
  const { upstream } = batch;
  const products = usesUpstream(operation)
    ? `, upstream ${upstream === null ? 'all 1' : formatRows(batch, upstream, most, free.upstream)}`
    : '';
  return `${operation}(${logits}${targets}${products}${formatOptions(batch, most)})`;
}

const nothingFree: Free = { logits: [], targets: [], upstream: [] };

/** A finding's call as {@link formatCall} has it. */
export function formatCallOf({ operation, batch }: Call, most = MOST): string {
  return formatCall(operation, batch, most);
}

/** A call, and those that come before it. */
export interface CallsAndLast extends Call {
  readonly before?: readonly Call[] | undefined;
}

/** The calls on one line, as {@link formatCall} writes each; equal neighbors are counted: `softmax([0]) ×6; softmax([0])`. */
export function formatCalls(
  { before = [], operation, batch }: CallsAndLast,
  most = MOST,
  free?: Free,
): string {
  const texts = before.map((call) => formatCallOf(call, most));
  const starts = [...texts.keys()].filter((k) => texts[k] !== texts[k - 1]);
  const counts = starts.map((k, run) => counted(texts[k], (starts[run + 1] ?? texts.length) - k));
  return [...counts, formatCall(operation, batch, most, free)].join('; ');
}

/** `, scale 0.5, mask [1, 0]`; nothing where there are none. */
function formatOptions(batch: Batch, most: number): string {
  const { options = {} } = batch;
  return optionNames
    .flatMap((name) => {
      const value = options[name];
      if (value === undefined) return [];
      if (isScalar(value))
        return `, ${name} ${name === 'ignoreIndex' || typeof value === 'string' ? value : formatFloat(value)}`;
      if (name === 'probabilities')
        return `, probabilities ${formatRows(batch, value as Float32Array, most, [])}`;
      return `, ${name} ${formatSome(Float32Array.from(value), most)}`;
    })
    .join('');
}

/** Values of the batch's shape, row by row; of more than {@link FEW_ROWS}, equal neighbors are counted: `[[0, 1] ×63, [0, 89]]`. */
function formatRows(batch: Batch, values: Float32Array, most: number, free: readonly number[]): string {
  const { rows, cols } = batch;
  const anything = new Set(free);
  const isFree = (k: number) => anything.has(k);
  const isSameRow = (row: number) => {
    for (let k = row * cols; k < (row + 1) * cols; k++)
      if (!isSame(values, k, k - cols, isFree)) return false;
    return true;
  };
  const starts = [...startsOfRuns(rows, rows > FEW_ROWS ? isSameRow : () => false, most + 1)];
  const shown = starts.slice(0, most).map((row, k) => {
    const text = formatSome(
      rowOfValues(values, batch, row),
      Math.ceil(most / starts.length),
      (col) => isFree(row * cols + col),
      gridOf(batch),
    );
    return counted(text, (starts[k + 1] ?? rows) - row);
  });
  if (starts.length > most) shown.push(`… ${rows} rows in all`);
  return rows === 1 ? shown[0] : `[${shown.join(', ')}]`;
}

/** The values in brackets: `[1, 0]`. Of more than `most`, equal neighbors are counted: `[0 ×1000, 89, 0 ×23]`. */
export function formatSome(
  values: Float32Array,
  most = MOST,
  isFree: (k: number) => boolean = () => false,
  { round }: Format = fp32,
): string {
  const textAt = (k: number) => (isFree(k) ? ANYTHING : formatFloat(values[k], round));
  return `[${listOf(values, most, textAt, isFree).join(', ')}]`;
}

/** The words of the values, shortened as in {@link formatSome}: `42b20000 00000000`. */
export function formatWords(values: Float32Array, most: number, format: Format = fp32): string {
  return listOf(values, most, (k) => toHexIn(values[k], format)).join(' ');
}

/** Each value as text, or where they are more than `most`, each run of equal ones, cut after `most` runs. */
function listOf(
  values: Float32Array | Int32Array,
  most: number,
  textAt: (k: number) => string,
  isFree: (k: number) => boolean = () => false,
): string[] {
  const { length } = values;
  if (length <= most) return Array.from(values.keys(), textAt);
  const starts = [...startsOfRuns(length, (k) => isSame(values, k, k - 1, isFree), most + 1)];
  const shown = starts.slice(0, most).map((k, run) => counted(textAt(k), (starts[run + 1] ?? length) - k));
  return starts.length > most ? [...shown, `… ${length} in all`] : shown;
}

/** Where items begin that differ from the one before, `most` of them at most. */
function* startsOfRuns(
  length: number,
  isSameAsBefore: (k: number) => boolean,
  most: number,
): Generator<number> {
  for (let k = 0, found = 0; k < length && found < most; k++) {
    if (k > 0 && isSameAsBefore(k)) continue;
    found++;
    yield k;
  }
}

/** Whether the values at `a` and `b` are shown alike. */
function isSame(
  values: Float32Array | Int32Array,
  a: number,
  b: number,
  isFree: (k: number) => boolean,
): boolean {
  return isFree(a) === isFree(b) && (isFree(a) || sameBits(values[a], values[b]));
}

function counted(text: string, times: number): string {
  return times === 1 ? text : `${text} ×${times}`;
}

/** A short answer as it is, `[1, 0]`; of a longer one the element at `index`, where the error shows: `output[1023] = 0`. */
export function formatAnswer(values: Answer, index: number | null, format: Format = fp32): string {
  const { round } = format;
  if (!isAnswer(values)) return `output[${values.index}] = ${formatFloat(values.value, round)}`;
  if (values.length <= SHORT_ANSWER || index === null)
    return formatSome(values, SHORT_ANSWER, undefined, format);
  return `output[${index}] = ${formatFloat(values[index], round)}`;
}

/** The same as {@link formatAnswer}, and then the words: `[1, 0]  3f800000 00000000`. */
export function formatAnswerWords(values: Answer, index: number | null, format: Format = fp32): string {
  if (!isAnswer(values)) return `${formatAnswer(values, index, format)}  ${toHexIn(values.value, format)}`;
  const isShort = values.length <= SHORT_ANSWER || index === null;
  const words = isShort ? formatWords(values, SHORT_ANSWER, format) : toHexIn(values[index], format);
  return `${formatAnswer(values, index, format)}  ${words}`;
}

function targetsOf({ rows, targets }: Batch, most: number, free: readonly number[]): string {
  const isFree = (row: number) => free.includes(row);
  const texts = listOf(targets, most, (row) => (isFree(row) ? ANYTHING : String(targets[row])), isFree);
  return rows === 1 ? texts[0] : `[${texts.join(', ')}]`;
}
