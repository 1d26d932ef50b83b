/** Which operation a model is, where nobody has said so. */
import { UserError } from '../../core/errors.ts';
import { elementsOf, numbersIn } from '../pack.ts';
import { howToName, type ModelInterface } from './interface.ts';
import type { ModelCall } from './kernel.ts';
import type { ModelOperation } from './model.ts';
import type { OnnxSession } from './runtime.ts';

/** Columns of the ordinary logits where a model takes any number. */
const COLS = 3;

/** What a model gives for rows of the logits 0, 1, 2, …, of which the first is the class. */
export async function answerToOrdinary(
  call: ModelCall,
  { rows = 1, cols = COLS, format }: ModelInterface,
): Promise<ArrayLike<number>> {
  const numbers = Float32Array.from({ length: rows * cols }, (_, k) => k % cols);
  const logits = elementsOf(numbers, format.logits);
  return numbersIn(await call(logits, new Int32Array(rows), rows, cols), format.answer);
}

/**
 * The operation that a model plainly is: by its inputs and the shape of its output, and where that is softmax or
 * log-softmax, by its `answer` to ordinary logits: probabilities, or their logarithms.
 * @throws UserError when it is not plain.
 */
export function guessOperation(
  { outputMetadata }: OnnxSession,
  { targets, output, cols = COLS }: ModelInterface,
  answer: ArrayLike<number>,
): ModelOperation {
  if (targets !== null) return 'crossEntropy';
  const shape = outputMetadata.find(({ name }) => name === output)?.shape ?? [];
  if (shape.length === 1 || (shape.length === 2 && shape[1] === 1 && cols > 1)) return 'logSumExp';
  const row = Array.from(answer).slice(0, cols);
  if (row.every((p) => p >= 0) && isOne(row)) return 'softmax';
  if (isOne(row.map(Math.exp))) return 'logSoftmax';
  throw new UserError(
    `it is not plain which operation it is: of the logits 0, 1, 2, … it makes ${row.slice(0, COLS).join(', ')}`,
    howToName,
  );
}

function isOne(probabilities: readonly number[]): boolean {
  return Math.abs(probabilities.reduce((sum, p) => sum + p, 0) - 1) < 0.01;
}
