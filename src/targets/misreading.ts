/** What a function may be that is right in no way in which it can be called: something beside what the contract asks. */
import { type Batch, createBatch, rowOf } from '../core/batch.ts';
import { type Operation, usesTargets } from '../core/operation.ts';
import type { Reading } from './argument-orders.ts';
import { harmlessAnswer } from './harmless.ts';

/** The numbers that a function answers when it is called so, if it answers any. */
export type Call = (reading: Reading, batch: Batch) => Promise<readonly number[] | undefined>;

/** Of the answer's largest number: formats of 8 bits of precision are as near, and no other reading is. */
const TOLERANCE = 1 / 50;

/** Whether `answer` is about what is expected, times a factor. */
export function isAbout(
  answer: readonly number[] | undefined,
  expected: readonly number[],
  factor = 1,
): boolean {
  if (answer?.length !== expected.length) return false;
  const wanted = expected.map((x) => x * factor);
  const allowed = TOLERANCE * wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return answer.every((x, k) => Math.abs(x - wanted[k]) <= allowed);
}

/** The first of `readings` in which the function is right. */
export async function firstThatFits(
  call: Call,
  readings: readonly Reading[],
  batch: Batch,
  expected: readonly number[],
): Promise<Reading | undefined> {
  for (const reading of readings) if (isAbout(await call(reading, batch), expected)) return reading;
  return undefined;
}

/**
 * What a loss or a gradient is that is right, but not of the mean loss, of logits, or of classes: as a predicate. Null where
 * it is none of these, or of another operation. A softmax that is right for logarithms of probabilities alone lacks its sum.
 */
export async function misreadingOf(
  call: Call,
  operation: Operation,
  readings: readonly Reading[],
  batch: Batch,
  expected: readonly number[],
): Promise<string | null> {
  if (
    usesTargets(operation) &&
    batch.rows > 1 &&
    isAbout(await call(readings[0], batch), expected, batch.rows) &&
    (await isSumOf(1, call, operation, readings[0], batch)) &&
    (await isSumOf(batch.rows + 1, call, operation, readings[0], batch))
  )
    return operation === 'crossEntropy'
      ? 'answers the sum of the losses of rows: the contract has their mean'
      : 'answers the gradient of the sum of the losses of rows: the contract has that of their mean';
  if (['softmax', 'logSoftmax', 'logSumExp'].includes(operation)) return null;
  const other = { ...batch, logits: batch.logits.map((x, k) => x / 2 + (k % 5) / 3) };
  const expectedOfOther = harmlessAnswer(operation, other);
  for (const { what, of } of [...ofProbabilities, ...(usesTargets(operation) ? ofZerosAndOnes : [])]) {
    const reading = await firstThatFits(call, readings, of(batch), expected);
    // One batch may be right by chance.
    if (reading !== undefined && isAbout(await call(reading, of(other)), expectedOfOther)) return what;
  }
  return null;
}

/**
 * Whether the function is a sum for so many rows, the first ones again and again: a loss that is merely twice too large is none for one row, and one that is
 * divided by a row less none for three. So is one that refuses this number.
 */
async function isSumOf(
  rows: number,
  call: Call,
  operation: Operation,
  reading: Reading,
  batch: Batch,
): Promise<boolean> {
  const { cols } = batch;
  const repeated = (values: ArrayLike<number>, length: number): number[] =>
    Array.from({ length }, (_, k) => values[k % values.length]);
  const resized = createBatch(
    rows,
    cols,
    repeated(batch.logits, rows * cols),
    repeated(batch.targets, rows),
    batch.upstream && repeated(batch.upstream, rows * cols),
  );
  const answer = await call(reading, resized);
  return answer === undefined || isAbout(answer, harmlessAnswer(operation, resized), rows);
}

/** What a function may take in place of something else. */
interface Variant {
  readonly what: string;
  readonly of: (batch: Batch) => Batch;
}

const ofProbabilities: readonly Variant[] = [
  {
    what: 'takes probabilities: the contract has logits',
    of: (batch) => ({ ...batch, logits: Float32Array.from(harmlessAnswer('softmax', batch)) }),
  },
  {
    what: 'takes logarithms of probabilities: the contract has logits',
    of: (batch) => ({ ...batch, logits: Float32Array.from(harmlessAnswer('logSoftmax', batch)) }),
  },
];

/** The classes as zeros and ones, a row of them for each row. */
const hot = ({ rows, cols, targets }: Batch): number[][] =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: cols }, (__, i) => Number(i === targets[r])));

/** Of all rows after one another, and of each row. */
const ofZerosAndOnes: readonly Variant[] = [(batch: Batch) => Float32Array.from(hot(batch).flat()), hot].map(
  (given) => ({
    what: 'takes its targets as zeros and ones: the contract has the index of each class',
    of: (batch) => ({ ...batch, targets: given(batch) as unknown as Int32Array }),
  }),
);

/** What it answers in place of what, for the eye: the first numbers. */
export function describeAnswer(
  answer: readonly number[] | undefined,
  batch: Batch,
  expected: readonly number[],
): string {
  const short = (numbers: ArrayLike<number>): string => {
    const shown = Array.from(numbers)
      .slice(0, 6)
      .map((x) => String(Number(x.toPrecision(2))));
    return `[${shown.join(', ')}${numbers.length > 6 ? ', …' : ''}]`;
  };
  const rows = Array.from({ length: Math.min(2, batch.rows) }, (_, r) => short(rowOf(batch, r)));
  const got = answer === undefined ? 'answers no numbers' : `answers ${short(answer)}`;
  return `${got} for ${rows.join(' and ')}, not ${short(expected)}`;
}
