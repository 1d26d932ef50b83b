/** Kernels whose operations are functions of C: the arguments are placed in memory, the answer is read from there. */
import { type Batch, upstreamOf } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import { answersBatch, outputLength, shareOf } from '../../core/operation.ts';
import type { Placement } from '../../core/placement.ts';
import type { Target } from '../../core/target.ts';
import { CallFailure } from '../call-failure.ts';
import { contractOf } from '../signature.ts';
import { type Memory, type Placed, placeArrays } from './arena.ts';
import type { Binding, BoundParameter } from './binding.ts';
import { isInteger } from './prototype.ts';

/** A function of C and what it is given. */
export interface NativeFunction {
  readonly binding: Binding;
  /** Calls it with addresses and numbers. */
  readonly invoke: (args: readonly number[]) => unknown;
}

/** What depends on the machine that the code is for. */
export interface Machine {
  readonly memory: Memory;
  /** The size of a type of C, in bytes. */
  readonly sizeOf: (type: string) => number;
}

/** The kernel of `functions`, each of an operation of its own; in its `inViews`, arrays lie as a placement says. */
export function nativeKernel(
  functions: readonly NativeFunction[],
  machine: Machine,
): Required<Pick<Target, 'kernel' | 'inViews'>> {
  const kernelOf = (placement: Placement | null): Kernel =>
    Object.fromEntries(
      functions.map(({ binding, invoke }) => [
        binding.operation,
        contractOf(binding.operation, (batch) => call(binding, invoke, machine, placement, batch)),
      ]),
    );
  return { kernel: kernelOf(null), inViews: kernelOf };
}

/** @throws CallFailure where the function says that it failed, or wrote where it should not. */
function call(
  binding: Binding,
  invoke: NativeFunction['invoke'],
  { memory, sizeOf }: Machine,
  placement: Placement | null,
  batch: Batch,
): Float32Array | number {
  const { answer, parameters, isByRow, result } = binding;
  const calls = isByRow ? batch.rows : 1;
  const offset = placement?.offset ?? 0;
  const arrays = parameters.map((each) =>
    each.isPointer ? toPlaced(each, binding, sizeOf, batch, offset) : null,
  );
  // The answer first: what runs far beyond it runs into the others.
  const inOrder = arrays.filter((array) => array !== null).sort((a, b) => +b.isAnswer - +a.isAnswer);
  const arena = placeArrays(memory, inOrder, placement?.word);
  const returned = Array.from({ length: calls }, (_, r) =>
    invoke(
      parameters.map((parameter, k) => {
        const array = arrays[k];
        if (array === null) return numberOf(parameter, batch, r);
        return arena.address(array) + (4 * array.length * r) / calls;
      }),
    ),
  );
  arena.check();
  const failure = isInteger(result) ? returned.find((status) => Number(status) !== 0) : undefined;
  if (failure !== undefined) throw new CallFailure('threw', `it returned ${failure}: expected 0`);
  if (answer === null) return toAnswer(Float32Array.from(returned, Number), binding, batch.rows);
  return toAnswer(new Float32Array(arena.read(inOrder[0]).slice().buffer), binding, batch.rows);
}

function toPlaced(
  { role, type }: BoundParameter,
  { answer, operation, isLossOfRow }: Binding,
  sizeOf: Machine['sizeOf'],
  batch: Batch,
  offset: number,
): Placed {
  const { rows, cols, logits, targets } = batch;
  const wordsEach = role === 'targets' ? sizeOf(type) / 4 : 1;
  const place = (words: Uint32Array | null, length: number): Placed => ({
    name: role,
    words,
    length,
    offset: offset * wordsEach,
    isAnswer: role === answer,
  });
  if (role === 'out') {
    const length = answersBatch(operation) && isLossOfRow ? rows : outputLength(operation, rows, cols);
    return place(null, length);
  }
  if (role === 'targets') {
    const words = wordsEach === 2 ? wordsOf(BigInt64Array.from(targets, BigInt)) : wordsOf(targets);
    return place(words, words.length);
  }
  const numbers = role === 'upstream' ? upstreamOf(batch) : logits;
  return place(wordsOf(numbers), numbers.length);
}

function wordsOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array | BigInt64Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

function numberOf({ role, value }: BoundParameter, { rows, cols, targets }: Batch, r: number): number {
  if (role === 'rows') return rows;
  if (role === 'cols') return cols;
  return role === 'target' ? targets[r] : (value as number);
}

/** The losses of rows become their mean, in FP64, and so do their gradients. */
function toAnswer(
  numbers: Float32Array,
  { operation, isByRow, isLossOfRow }: Binding,
  rows: number,
): Float32Array | number {
  if (answersBatch(operation))
    return isLossOfRow ? Math.fround(numbers.reduce((sum, loss) => sum + loss, 0) / rows) : numbers[0];
  const share = isByRow ? 1 / shareOf(operation, rows) : 1;
  return share === 1 ? numbers : numbers.map((x) => x / share);
}
