/** Which operation a model is, where nobody has said so, and along which axis of its logits. */

import { createRandom } from '../../core/random.ts';
import { UserError } from '../../text/errors.ts';
import { elementsOf, numbersIn } from '../pack.ts';
import { productOf } from './dimensions.ts';
import { howToName, type ModelInterface } from './interface.ts';
import type { ModelCall } from './kernel.ts';
import { type ModelOperation, modelOperations } from './model.ts';

/** What a model gives for ordinary logits. */
export interface Trial {
  readonly sizes: readonly number[];
  readonly logits: Float32Array;
  readonly answer: Float32Array;
}

/** An operation, along an axis of the logits. */
export interface Reading {
  readonly operation: ModelOperation;
  readonly axis: number;
  /** Whether the model was seen to be so. */
  readonly isFound: boolean;
}

/** How many numbers are shown. */
const SHOWN = 3;

/** So many numbers differ: multiples of 1/64. */
const DISTINCT = 128;

/** How far sums of probabilities may be from 1, and logsumexps from the exact ones. */
const TOLERANCE = 0.01;

/** Runs a model once on ordinary logits of these sizes. Classes are the first. */
export async function tryOut(
  call: ModelCall,
  { format }: ModelInterface,
  sizes: readonly number[],
): Promise<Trial> {
  const logits = ordinaryLogits(productOf(sizes));
  const answer = await call(
    elementsOf(logits, format.logits),
    { sizes, axis: 1 }, // Of a loss, the classes; of others nothing here lies along it.
    new Int32Array(productOf(sizes) / sizes[1]),
  );
  return { sizes, logits, answer: numbersIn(answer, format.answer) };
}

/**
 * Numbers within 2 of 0, in no order, that all formats have. No two are alike, of as many as {@link DISTINCT}; the steps between them grow,
 * since of two by two with equal steps, the sums along one axis may be those along the other.
 */
function ordinaryLogits(length: number): Float32Array {
  const distinct = Math.min(length, DISTINCT);
  const numbers = Float32Array.from({ length }, (_, k) => {
    const t = (k % distinct) / distinct;
    return Math.round(128 * t * (1 + t) - 128) / 64;
  });
  const random = createRandom([2, 7, 1, 8]);
  for (let k = length - 1; k > 0; k--) {
    const other = random.below(k + 1);
    [numbers[k], numbers[other]] = [numbers[other], numbers[k]];
  }
  return numbers;
}

/**
 * The operation that a model plainly is, `told` or any, and its axis: the last one along which probabilities, or the exponentials of
 * their logarithms, add up to 1, or whose logsumexps the answer has. Where none fits, what is told is along the last axis.
 * @throws UserError when it is not plain.
 */
export function readingOf(
  { targets, sizes }: ModelInterface,
  told: ModelOperation | null,
  trial: Trial | null,
): Reading {
  const last = sizes.length - 1;
  if (targets !== null) return { operation: 'crossEntropy', axis: 1, isFound: true }; // As ONNX has it.
  const operations = told === null ? modelOperations : [told];
  const readings = sizes.flatMap((_, k) =>
    operations.map((operation) => ({ operation, axis: last - k, isFound: true })),
  );
  const found = trial === null ? undefined : readings.find((reading) => fits(reading, trial));
  if (found !== undefined) return found;
  if (told !== null) return { operation: told, axis: last, isFound: false };
  throw new UserError(
    `it is not plain which operation it is: of logits ${trial?.sizes.join(' x ')}, ${beginningOf(trial?.logits)}, it makes ${beginningOf(trial?.answer)}`,
    howToName,
  );
}

/** `softmax (guessed, axis 1 of 3)`: what nobody has said, and an axis that is not the last of `rank`. */
export function describeReading(
  { operation, axis }: Pick<Reading, 'operation' | 'axis'>,
  { rank, isGuessed }: { readonly rank: number; readonly isGuessed: boolean },
): string {
  const remarks = [
    ...(isGuessed ? ['guessed'] : []),
    ...(axis === rank - 1 ? [] : [`axis ${axis} of ${rank}`]),
  ];
  return remarks.length === 0 ? operation : `${operation} (${remarks.join(', ')})`;
}

function beginningOf(numbers: ArrayLike<number> = []): string {
  const shown = Array.from(numbers)
    .slice(0, SHOWN)
    .map((number) => Number(number.toPrecision(4)));
  return [...shown, ...(numbers.length > SHOWN ? ['…'] : [])].join(', ');
}

function fits({ operation, axis }: Reading, { sizes, logits, answer }: Trial): boolean {
  if (operation === 'logSumExp') {
    const sums = sumsAlong(axis, sizes, logits.map(Math.exp));
    const isReduced = sizes[axis] > 1 && answer.length === sums.length;
    return isReduced && sums.every((sum, k) => isNear(answer[k], Math.log(sum)));
  }
  if (answer.length !== logits.length) return false;
  const probabilities = operation === 'softmax' ? answer : answer.map(Math.exp);
  return (
    probabilities.every((p) => p >= 0) && sumsAlong(axis, sizes, probabilities).every((sum) => isNear(sum, 1))
  );
}

function isNear(number: number, expected: number): boolean {
  return Math.abs(number - expected) < TOLERANCE;
}

/** The sums of numbers of `sizes` along one axis, which the others have in their order. */
function sumsAlong(axis: number, sizes: readonly number[], numbers: Float32Array): Float64Array {
  const inner = productOf(sizes.slice(axis + 1));
  const sums = new Float64Array(numbers.length / sizes[axis]);
  for (let k = 0; k < numbers.length; k++)
    sums[Math.floor(k / (inner * sizes[axis])) * inner + (k % inner)] += numbers[k];
  return sums;
}
