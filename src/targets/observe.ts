/** Calls one operation of a target and says what came of it, whatever the kernel does. */
import { types } from 'node:util';
import type { Handed } from '../core/aftermath.ts';
import { type Batch, upstreamOf } from '../core/batch.ts';
import { callKernel } from '../core/kernel.ts';
import { answersOne, definitions, type Operation, outputLength, usesUpstream } from '../core/operation.ts';
import { isScalar, type OptionName, type Options } from '../core/options.ts';
import type { Placement } from '../core/placement.ts';
import type { Target } from '../core/target.ts';
import { type Formats, formats as grids, inFp32 } from '../formats/index.ts';
import { CallFailure, type CallFailureKind, kindOfEnd } from './call-failure.ts';
import { describeReturned, describeThrown } from './describe.ts';
import { type Elements, packed, unpackedAnswer } from './pack.ts';
import { isSame, type Placed, placeNumbers } from './placed.ts';

/** What a call gave: an answer of the right shape and type, or what was wrong with the call as a whole. */
export type Observation =
  | {
      readonly status: 'answered';
      readonly output: Float32Array;
      /** What the answer's own memory holds now, where `output` is a copy of it. */
      readonly live?: () => Float32Array;
    }
  | { readonly status: CallFailureKind; readonly detail: string };

/** At once where it can be: waiting for a promise takes longer than a small batch does. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Runs `operation` on a copy of `batch`, or on `batch` itself where the target runs elsewhere. A loss is answered as a Float32Array of one, rounded to FP32. The observation is a promise only where the
 * kernel's answer is. Never throws for what the kernel does.
 */
export function observe(target: Target, operation: Operation, batch: Batch): Awaitable<Observation> {
  target.history?.note(operation, batch);
  if (target.isRemote) return observeHanded(target, operation, batch, batch);
  const given = packed(operation, batch, target.formats);
  return observeHanded(target, operation, given, copyOf(operation, given));
}

const endsProcess: ReadonlySet<CallFailureKind> = new Set(['crashed', 'out-of-memory', 'timed-out']);

/** {@link observe}, with arrays that lie as `placement` says. What was written beside one is a changed argument. */
export function observeInViews(
  target: Target,
  operation: Operation,
  batch: Batch,
  placement: Placement,
): Awaitable<Observation> {
  if (target.inViews !== undefined)
    return observe({ ...target, kernel: target.inViews(placement) }, operation, batch);
  target.history?.note(operation, batch);
  const given = packed(operation, withUpstream(operation, batch), target.formats);
  const logits = placeNumbers(given.logits, 'logits', placement);
  const targets = placeNumbers(given.targets, 'targets', placement);
  const upstream = placeNumbers(upstreamOf(given), 'upstream', placement);
  const arrays: Placed<unknown>[] = [logits, targets, upstream];
  const place = <A extends Float32Array | Uint8Array>(values: A, name: string): A => {
    const placed = placeNumbers(values, name, placement);
    arrays.push(placed);
    return placed.view;
  };
  const handed: Batch = {
    ...given,
    logits: logits.view,
    targets: targets.view,
    upstream: upstream.view,
    ...(given.options && { options: mappedOptions(given.options, place) }),
  };
  return observeHanded(target, operation, given, handed, () => {
    for (const { checkAround } of arrays) checkAround();
  });
}

/** Runs `operation` on `handed`, a copy of `batch`, both as the kernel takes them; `check` throws a CallFailure where something else was changed. */
function observeHanded(
  target: Target,
  operation: Operation,
  batch: Batch,
  handed: Batch,
  check = (): void => {},
): Awaitable<Observation> {
  const formats = target.isRemote ? inFp32 : (target.formats ?? inFp32);
  const aftermath = target.isRemote ? undefined : target.aftermath;
  const threw = (error: unknown): Observation => {
    if (error instanceof CallFailure) {
      if (endsProcess.has(error.kind)) target.history?.forget(); // What is called next is new.
      return { status: error.kind, detail: error.message };
    }
    const detail = describeThrown(error);
    return { status: kindOfEnd('threw', detail), detail };
  };
  const answered = (answer: unknown): Observation => {
    const isAnswer = target.inPlace === true && definitions[operation].answers === 'logit';
    if (!isAnswer && !isSame(batch.logits, handed.logits))
      return { status: 'mutated-input', detail: 'it changed its logits' };
    if (!isSame(batch.targets, handed.targets))
      return { status: 'mutated-input', detail: 'it changed its targets' };
    const { upstream } = handed;
    if (
      usesUpstream(operation) &&
      upstream !== null &&
      upstream !== batch.upstream &&
      !isSame(upstreamOf(batch), upstream)
    )
      return { status: 'mutated-input', detail: 'it changed its upstream values' };
    const changed = changedOption(batch, handed);
    if (changed !== undefined) return { status: 'mutated-input', detail: `it changed its ${changed}` };
    try {
      check();
    } catch (error) {
      return threw(error);
    }
    const given = isAnswer && answer === undefined ? handed.logits : answer;
    const observed = shaped(given, operation, batch, { formats, isCopied: aftermath !== undefined });
    if (aftermath !== undefined && observed.status === 'answered')
      aftermath.keep(operation, handedOver(observed, batch, handed, isAnswer));
    return observed;
  };
  let answer: unknown;
  try {
    answer = callKernel(target.kernel, operation, handed);
    if (isThenable(answer)) return Promise.resolve(answer).then(answered, threw);
  } catch (error) {
    return threw(error);
  }
  return answered(answer);
}

function copyOf(operation: Operation, batch: Batch): Batch {
  const upstream = usesUpstream(operation) ? upstreamOf(batch).slice() : null;
  const options = batch.options && mappedOptions(batch.options, (values) => values.slice() as typeof values);
  const copy = { ...batch, logits: batch.logits.slice(), targets: batch.targets.slice(), upstream };
  return options === undefined ? copy : { ...copy, options };
}

/** The options with their arrays replaced. */
function mappedOptions(
  options: Options,
  map: <A extends Float32Array | Uint8Array>(values: A, name: string) => A,
): Options {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, isScalar(value) ? value : map(value, name)]),
  );
}

/** The name of an option whose array is not as it was; undefined where there is none. */
function changedOption({ options = {} }: Batch, { options: handed = {} }: Batch): string | undefined {
  return Object.entries(options).find(
    ([name, value]) => !isScalar(value) && !isSame(value, handed[name as OptionName] as typeof value),
  )?.[0];
}

/** The batch with upstream values where the operation reads some. */
function withUpstream(operation: Operation, batch: Batch): Batch {
  return usesUpstream(operation) && batch.upstream === null
    ? { ...batch, upstream: upstreamOf(batch) }
    : batch;
}

/** Whether `answer` is a promise or acts like one. */
export function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return typeof (answer as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

/** The arrays of a call that has been answered: those of `handed`, that hold what `batch` does, and the answer. */
function handedOver(
  { output, live }: Extract<Observation, { readonly status: 'answered' }>,
  batch: Batch,
  handed: Batch,
  isInPlace: boolean,
): Handed[] {
  const arrays: Handed[] = [];
  const add = (name: string, was: ArrayLike<number>, now: ArrayLike<number> | null): void => {
    if (now !== null && now !== was && now.length > 0) arrays.push({ name, was, now: () => now });
  };
  if (!isInPlace) add('logits', batch.logits, handed.logits);
  add('targets', batch.targets, handed.targets);
  if (handed.upstream !== null) add('upstream values', upstreamOf(batch), handed.upstream);
  for (const [name, value] of Object.entries(batch.options ?? {}))
    if (!isScalar(value)) add(name, value, handed.options?.[name as OptionName] as typeof value);
  if (live !== undefined) arrays.push({ name: 'answer', was: output, now: live });
  return arrays;
}

/** How an answer is read. */
interface Reading {
  readonly formats: Formats;
  /** Whether it is copied at once, as its memory may change, shrink or go later. */
  readonly isCopied: boolean;
}

function shaped(
  answer: unknown,
  operation: Operation,
  batch: Batch,
  { formats, isCopied }: Reading,
): Observation {
  const { rows, cols, options } = batch;
  const length = outputLength(operation, rows, cols, options);
  if (answersOne(operation, options)) {
    if (typeof answer === 'number')
      return { status: 'answered', output: Float32Array.of(grids[formats.answer].round(answer)) };
    return { status: 'bad-shape', detail: `returned ${describeReturned(answer)}: expected a number` };
  }
  const isOfType = formats.answer === 'fp32' ? types.isFloat32Array(answer) : types.isUint16Array(answer);
  const output = isOfType ? numbersOf(answer as Elements, formats, isCopied) : null;
  if (output?.length === length)
    return isCopied || output !== answer
      ? { status: 'answered', output, live: () => numbersOf(answer as Elements, formats, true) ?? gone }
      : { status: 'answered', output };
  const expected = formats.answer === 'fp32' ? 'Float32Array' : 'Uint16Array';
  const hint =
    expected === 'Float32Array' && types.isUint16Array(answer)
      ? "; words of 16 bits are declared, format: 'bf16' or 'fp16'"
      : '';
  return {
    status: 'bad-shape',
    detail: `returned ${describeReturned(answer)}: expected ${expected}(${length})${hint}`,
  };
}

const gone = new Float32Array();

/** The numbers of an answer, whatever it says of itself; null where its memory is gone. */
function numbersOf(answer: Elements, formats: Formats, isCopied: boolean): Float32Array | null {
  try {
    if (formats.answer === 'fp32') return isCopied ? new Float32Array(answer) : (answer as Float32Array);
    return unpackedAnswer(new Uint16Array(answer), formats);
  } catch {
    return null;
  }
}
