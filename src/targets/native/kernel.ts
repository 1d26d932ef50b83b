/** Kernels whose operations are functions of C: the arguments are placed in memory, the answer is read from there. */
import { type Batch, upstreamOf } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import { placeOf } from '../../core/layout.ts';
import { answersBatch, answersOne, outputLength, shareOf } from '../../core/operation.ts';
import type { Placement } from '../../core/placement.ts';
import type { Target } from '../../core/target.ts';
import { type Formats, formats as grids, inFp32 } from '../../formats/index.ts';
import { roundToWords, unpackWords } from '../../formats/words.ts';
import { CallFailure } from '../call-failure.ts';
import { paddingOfAnswer } from '../poison.ts';
import { contractOf } from '../signature.ts';
import { type Memory, type Placed, placeArrays } from './arena.ts';
import type { Binding, BoundParameter } from './binding.ts';
import { isOfLayout } from './layouts.ts';
import { isOptionRole, optionOf } from './options.ts';
import { isInteger, isWord } from './prototype.ts';
import { movedApart, numberOfLayout, roomOf, rowStrideOf, withoutGaps } from './strides.ts';
import {
  hasArray,
  isByRow as isOfRows,
  lengthOfOption,
  numbersOf,
  numberOf as optionNumberOf,
} from './values.ts';

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
  formats: Formats = inFp32,
): Required<Pick<Target, 'kernel' | 'inViews'>> {
  const kernelOf = (placement: Placement | null): Kernel =>
    Object.fromEntries(
      functions.map(({ binding, invoke }) => [
        binding.operation,
        contractOf(binding.operation, (batch) => call(binding, invoke, machine, placement, batch, formats)),
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
  formats: Formats,
): Float32Array | number {
  const { answer, parameters, isByRow, result } = binding;
  const calls = isByRow ? batch.rows : 1;
  const offset = placement?.offset ?? 0;
  const arrays = parameters.map((each) =>
    isThere(each, batch) ? toPlaced(each, binding, sizeOf, batch, offset) : null,
  );
  // The answer first: what runs far beyond it runs into the others.
  const inOrder = arrays.filter((array) => array !== null).sort((a, b) => +b.isAnswer - +a.isAnswer);
  const arena = placeArrays(memory, inOrder, placement?.word);
  const returned = Array.from({ length: calls }, (_, r) =>
    invoke(
      parameters.map((parameter, k) => {
        const array = arrays[k];
        if (array === null) return numberOf(parameter, binding, batch, r);
        return arena.address(array) + offsetOf(parameter, binding, batch, sizeOf, r);
      }),
    ),
  );
  arena.check();
  const failure = isInteger(result) ? returned.find((status) => Number(status) !== 0) : undefined;
  if (failure !== undefined) throw new CallFailure('threw', `it returned ${failure}: expected 0`);
  if (answer === null) return ofReturned(Float32Array.from(returned, Number), binding, batch, formats);
  const written = parameters.find(({ role }) => role === answer) as BoundParameter;
  const bytes = arena.read(inOrder[0]).slice().buffer;
  const stride = rowStrideOf(written, binding, batch);
  if (stride === batch.cols) return answerIn(bytes, written, binding, batch, formats);
  const before = (inOrder[0].words as Uint32Array).slice().buffer;
  const typed = isWord(written.type) ? Uint16Array : Float32Array;
  return withoutGaps(new typed(bytes), new typed(before), batch, stride, answer) as Float32Array;
}

/** Whether a parameter is an array: not a number, nor the NULL of an option that the call does not have, or of targets beside probabilities. */
function isThere({ isPointer, role }: BoundParameter, { options }: Batch): boolean {
  if (!isPointer || role === 'constant') return false;
  if (role === 'targets') return options?.probabilities === undefined;
  return !isOptionRole(role) || hasArray(role, options);
}

function toPlaced(
  parameter: BoundParameter,
  binding: Binding,
  sizeOf: Machine['sizeOf'],
  batch: Batch,
  offset: number,
): Placed {
  const { role } = parameter;
  const bytes = bytesOf(parameter, sizeOf);
  const stride = rowStrideOf(parameter, binding, batch);
  const words =
    role !== 'out'
      ? wordsOf(argumentOf(parameter, binding, batch, bytes))
      : stride === batch.cols
        ? null
        : roomOf(bytes * batch.rows * stride);
  return {
    name: isOptionRole(role) ? optionOf(role) : role,
    words,
    // Of 16-bit numbers an odd one shares its last word with what is behind the array.
    length: words?.length ?? Math.ceil((bytes * lengthOf(parameter, binding, batch)) / 4),
    offset: offset * Math.max(1, bytes / 4),
    isAnswer: role === binding.answer,
  };
}

/** The size of an array's numbers, in bytes. */
function bytesOf({ role, type }: BoundParameter, sizeOf: Machine['sizeOf']): number {
  if (role === 'targets' || role === 'mask') return sizeOf(type);
  return isWord(type) ? 2 : 4;
}

/** How many numbers an array has. */
function lengthOf({ role }: BoundParameter, { operation, isLossOfRow }: Binding, batch: Batch): number {
  const { rows, cols, options } = batch;
  if (role === 'targets') return rows;
  if (isOptionRole(role)) return lengthOfOption(role, rows, cols);
  if (role !== 'out') return rows * cols;
  return answersBatch(operation) && isLossOfRow ? rows : outputLength(operation, rows, cols, options);
}

/** Where row `r` begins in an array of a function that is called for each, in bytes; 0 where the array is the same for all. */
function offsetOf(
  parameter: BoundParameter,
  binding: Binding,
  batch: Batch,
  sizeOf: Machine['sizeOf'],
  r: number,
): number {
  const { role } = parameter;
  if (r === 0 || (isOptionRole(role) && !isOfRows(role))) return 0;
  const { rows, cols, layout } = batch;
  const perRow = lengthOf(parameter, binding, batch) / rows;
  const isInner = layout !== undefined && 'inner' in layout && perRow === cols;
  return bytesOf(parameter, sizeOf) * (isInner ? placeOf(r * cols, cols, layout.inner) : r * perRow);
}

type Numbers = Float32Array | Int32Array | BigInt64Array | Uint16Array | Uint8Array;

function argumentOf(parameter: BoundParameter, binding: Binding, batch: Batch, bytes: number): Numbers {
  const { role } = parameter;
  const { logits, layout, targets, cols } = batch;
  if (role === 'targets') return bytes === 8 ? BigInt64Array.from(targets, BigInt) : targets;
  if (isOptionRole(role)) {
    const cells = numbersOf(role, batch);
    if (cells instanceof Float32Array) return cells;
    if (bytes === 8) return BigInt64Array.from(cells, BigInt);
    if (bytes === 4) return Int32Array.from(cells);
    const whole = new Uint8Array(4 * Math.ceil(cells.length / 4)).fill(1); // What takes part shows that it was read.
    whole.set(cells);
    return whole;
  }
  const given = role === 'upstream' ? upstreamOf(batch) : logits;
  const apart = role === 'logits' && layout !== undefined && 'rowStride' in layout ? layout.rowStride : cols;
  const numbers: Numbers = movedApart(given, cols, apart, rowStrideOf(parameter, binding, batch));
  if (bytes === 4 || numbers.length % 2 === 0) return numbers;
  const padded = new Uint16Array(numbers.length + 1);
  padded.set(numbers);
  padded[numbers.length] = PADDING;
  return padded;
}

function wordsOf({ buffer, byteOffset, byteLength }: Numbers): Uint32Array {
  return byteOffset % 4 === 0
    ? new Uint32Array(buffer, byteOffset, byteLength / 4)
    : new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** Behind an odd number of 16-bit logits: a large number of either format. */
const PADDING = 0x7b7f;

function numberOf(parameter: BoundParameter, binding: Binding, batch: Batch, r: number): number {
  const { role, value, isPointer } = parameter;
  const { reductions } = binding;
  const { cols, targets, options } = batch;
  if (role === 'cols') return cols;
  if (isOfLayout(role)) return numberOfLayout(parameter, binding, batch);
  if (isPointer) return NULL;
  if (isOptionRole(role)) return optionNumberOf(role, options, r, reductions);
  if (role !== 'target') return value as number;
  return options?.probabilities === undefined ? targets[r] : NO_CLASS;
}

/** The target of a row that has probabilities. */
const NO_CLASS = -1;

/** The address of nothing. */
const NULL = 0;

/** What a function wrote, `bytes` of so many numbers, as the contract answers: floats, or words of 16-bit formats. */
function answerIn(
  bytes: ArrayBuffer,
  written: BoundParameter,
  binding: Binding,
  batch: Batch,
  { answer }: Formats,
): Float32Array | number {
  if (!isWord(written.type)) return toAnswer(new Float32Array(bytes), binding, batch);
  const length = lengthOf(written, binding, batch);
  const words = new Uint16Array(bytes, 0, length);
  if (
    length % 2 === 1 &&
    written.role === 'out' &&
    new Uint16Array(bytes)[length] !== paddingOfAnswer(length)
  )
    throw new CallFailure('bad-shape', `it wrote to out[${length}], and out has ${length}`);
  return answersOne(binding.operation, batch.options)
    ? toAnswer(unpackWords(words, grids[answer]), binding, batch)
    : (words as ArrayLike<number> as Float32Array);
}

/** What was returned for each call, as the contract answers: of losses of 16-bit formats, words where they are left as they are. */
function ofReturned(
  numbers: Float32Array,
  binding: Binding,
  batch: Batch,
  { answer }: Formats,
): Float32Array | number {
  const given = toAnswer(numbers, binding, batch);
  if (typeof given === 'number' || answer === 'fp32') return given;
  return roundToWords(given, grids[answer]) as ArrayLike<number> as Float32Array;
}

/** The losses of rows become their mean, in FP64, and so do their gradients, unless their reduction is none. */
function toAnswer(
  numbers: Float32Array,
  { operation, isByRow, isLossOfRow }: Binding,
  { rows, options }: Batch,
): Float32Array | number {
  if (options?.reduction === 'none') return numbers;
  if (answersBatch(operation))
    return isLossOfRow ? Math.fround(numbers.reduce((sum, loss) => sum + loss, 0) / rows) : numbers[0];
  const share = isByRow ? 1 / shareOf(operation, rows) : 1;
  return share === 1 ? numbers : numbers.map((x) => x / share);
}
