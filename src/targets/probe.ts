/**
 * Finds out how a function is called, by what it answers for a batch on which textbook formulas are right too: the first
 * of readings.ts that gives about the right numbers. A function that is right in none is judged as the contract has it:
 * what is broken is not excused. One that is plainly right about something else is refused, with what that is.
 */
import type { Batch } from '../core/batch.ts';
import { callKernel, type Kernel } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import type { Declaration } from '../core/target.ts';
import { UserError } from '../text/errors.ts';
import { quoted } from '../text/shell.ts';
import { contractReading, otherReadings, type Reading, readingsOf } from './argument-orders.ts';
import { harmlessAnswer, harmlessBatch } from './harmless.ts';
import { describeAnswer, firstThatFits, isAbout, misreadingOf } from './misreading.ts';
import { isThenable } from './observe.ts';
import { adaptFunction, type ForeignFunction, numbersOf } from './signature.ts';

/** How a function was found to be called. */
export interface Probed {
  /** The arguments where it is not the contract's function as it is. */
  readonly reading: Reading | null;
  /** What to tell of it. */
  readonly note: string | null;
}

/** A function that takes longer is not tried as something else: that is some twenty calls. */
const SLOW_MS = 50;

/**
 * How `implementation`, exported as `name`, is called for `operation`, at the sizes that are declared. It is called some times.
 * @throws UserError when it is right about something that the contract does not ask, or as a function of one row whose
 * parameters say nothing.
 */
export async function probe(
  implementation: ForeignFunction,
  name: string,
  operation: Operation,
  sizes: Pick<Declaration, 'rows' | 'cols'> = {},
): Promise<Probed> {
  const batch = harmlessBatch(operation, sizes);
  const expected = harmlessAnswer(operation, batch);
  const contract = contractReading(operation);
  const asIs = await answerAsIs(implementation, operation, batch);
  if (asIs?.isOfContract && isAbout(asIs.numbers, expected)) return { reading: null, note: null };
  const readings = readingsOf(operation, implementation.length);
  let lastMs = 0;
  const call = async (reading: Reading, input: Batch): Promise<readonly number[] | undefined> => {
    const start = performance.now();
    const answer = await answerOf(implementation, operation, reading, input);
    lastMs = performance.now() - start;
    return answer;
  };
  for (const reading of asIs?.isInPlace ? readings.slice(1) : readings) {
    if (!isAbout(await call(reading, batch), expected)) continue;
    const note =
      reading === readings[0] ? conversion(operation, asIs) : `is called as ${callOf(name, reading)}`;
    return { reading, note: `${name} ${note}` };
  }
  if (lastMs > SLOW_MS) return { reading: null, note: null };
  const misread = await misreadingOf(call, operation, readings, batch, expected);
  if (misread !== null)
    throw new UserError(
      `${name} ${misread}`,
      `Export one of the contract that calls it; or have it judged as it is: ${quoted(`#${callOf(name, contract)}`)}.`,
    );
  const other = await firstThatFits(call, otherReadings(operation), batch, expected);
  if (other !== undefined && implementation.length === 0)
    throw new UserError(
      `${name} says nothing of its parameters: it is right as ${callOf(name, other)}, and wrong as ${callOf(name, contract)}`,
      `Say which: --signature ${quoted(callOf(name, other))}.`,
    );
  if (other === undefined && [0, contract.length].includes(implementation.length))
    return { reading: null, note: null };
  const hint =
    other === undefined
      ? `if it takes others, name them: ${quoted(`#${name}(…)`)}`
      : `it is right as ${quoted(`#${callOf(name, other)}`)}`;
  return {
    reading: null,
    note: `${name} ${describeAnswer(asIs?.numbers, batch, expected)}; it is judged as ${callOf(name, contract)}, and ${hint}`,
  };
}

/** `softmax(row, cols)`. */
export function callOf(name: string, reading: Reading): string {
  return `${name}(${reading.join(', ')})`;
}

/** What a function answers when it is called by the contract, as it is. */
interface AsIs {
  readonly numbers: readonly number[] | undefined;
  readonly isOfContract: boolean;
  /** Whether the answer is the memory of the logits. */
  readonly isInPlace: boolean;
}

/** Null when it throws. */
async function answerAsIs(
  implementation: ForeignFunction,
  operation: Operation,
  batch: Batch,
): Promise<AsIs | null> {
  const copy = copyOf(batch);
  try {
    const given = callKernel({ [operation]: implementation } as Kernel, operation, copy);
    const answer: unknown = isThenable(given) ? await given : given; // At once where it can be: it may be changed by what comes next.
    const isInPlace = answer instanceof Float32Array && answer.buffer === copy.logits.buffer;
    const isTyped =
      operation === 'crossEntropy' ? typeof answer === 'number' : answer instanceof Float32Array;
    return { numbers: numbersOf(answer), isOfContract: isTyped && !isInPlace, isInPlace };
  } catch {
    return null;
  }
}

/** The numbers that the function answers when it is called as `reading` says, if it answers any. */
async function answerOf(
  implementation: ForeignFunction,
  operation: Operation,
  reading: Reading,
  batch: Batch,
): Promise<readonly number[] | undefined> {
  try {
    const kernel = adaptFunction(implementation, operation, reading);
    return numbersOf(await callKernel(kernel, operation, copyOf(batch)));
  } catch {
    return undefined;
  }
}

function copyOf(batch: Batch): Batch {
  const { logits, targets, upstream } = batch;
  return {
    ...batch,
    logits: logits.slice(),
    targets: targets.slice(),
    upstream: upstream === null ? null : upstream.slice(),
  };
}

/** What is done to a right answer of another type than the contract's. */
function conversion(operation: Operation, answer: AsIs | null): string {
  if (operation !== 'crossEntropy') return 'answers no Float32Array: its numbers are rounded to FP32';
  return answer?.numbers?.length === 1
    ? 'answers no number: the one in its answer is judged'
    : 'answers the losses of rows: their mean is judged';
}
