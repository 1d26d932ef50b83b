/** What a function may be that is right in no way in which it can be called: something beside what the contract asks. */
import { type Batch, rowOf } from '../core/batch.ts';
import { type Operation, usesTargets } from '../core/operation.ts';
import { harmlessAnswer } from './harmless.ts';
import type { Reading } from './readings.ts';

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
    (await isRightForOneRow(call, operation, readings[0], batch))
  )
    return operation === 'crossEntropy'
      ? 'answers the sum of the losses of rows: the contract has their mean'
      : 'answers the gradient of the sum of the losses of rows: the contract has that of their mean';
  if (['softmax', 'logSoftmax', 'logSumExp'].includes(operation)) return null;
  const variants: readonly (readonly [Batch, string])[] = [
    [
      { ...batch, logits: Float32Array.from(harmlessAnswer('softmax', batch)) },
      'takes probabilities: the contract has logits',
    ],
    [
      { ...batch, logits: Float32Array.from(harmlessAnswer('logSoftmax', batch)) },
      'takes logarithms of probabilities: the contract has logits',
    ],
    ...(usesTargets(operation) ? oneHot(batch) : []),
  ];
  for (const [variant, what] of variants)
    if ((await firstThatFits(call, readings, variant, expected)) !== undefined) return what;
  return null;
}

/**
 * Whether the function is right for the first row alone, whose mean is its sum: a loss that is merely twice too large is not. So
 * is one that refuses a single row.
 */
async function isRightForOneRow(
  call: Call,
  operation: Operation,
  reading: Reading,
  batch: Batch,
): Promise<boolean> {
  const { cols } = batch;
  const first = {
    ...batch,
    rows: 1,
    logits: batch.logits.slice(0, cols),
    targets: batch.targets.slice(0, 1),
    upstream: batch.upstream?.slice(0, cols) ?? null,
  };
  const answer = await call(reading, first);
  return answer === undefined || isAbout(answer, harmlessAnswer(operation, first));
}

/** The batch with its classes as zeros and ones: of all rows after one another, and of each row. */
function oneHot(batch: Batch): [Batch, string][] {
  const { rows, cols, targets } = batch;
  const what = 'takes its targets as zeros and ones: the contract has the index of each class';
  const hot = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: cols }, (_, i) => Number(i === targets[r])),
  );
  return [Float32Array.from(hot.flat()), hot].map((given) => [
    { ...batch, targets: given as unknown as Int32Array },
    what,
  ]);
}

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
