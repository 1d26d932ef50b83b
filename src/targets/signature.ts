/**
 * Functions of other shapes than the contract's: how to call them, from a list of what they take.
 *
 * A signature names the arguments in their order: `logits`, `targets` and `upstream` are the batch's typed arrays, `rows`
 * and `cols` its sizes, `out` a Float32Array to be filled with the answer. `matrix` is the logits as an array of arrays. With
 * `row`, a Float32Array, or `array`, the same as plain numbers, the function is called once for each row; `target` is then the
 * row's class, and `upstream` the row's. `inPlace` and `rowInPlace` are logits and a row that are overwritten with the answer,
 * whatever is returned. Answers may be typed or plain arrays, nested, of FP64 too: they are rounded to FP32.
 */
import type { Aftermath } from '../core/aftermath.ts';
import { type Batch, rowOf, rowOfValues, upstreamOf } from '../core/batch.ts';
import type { Kernel } from '../core/kernel.ts';
import { optionsAndLayout } from '../core/layout.ts';
import {
  answersBatch,
  type Operation,
  outputLength,
  shareOf,
  usesTargets,
  usesUpstream,
} from '../core/operation.ts';
import type { Options } from '../core/options.ts';
import type { Placement } from '../core/placement.ts';
import { UserError } from '../text/errors.ts';
import { unknownName } from '../text/nearest.ts';
import { createHand, type Hand } from './hand.ts';
import { isThenable } from './observe.ts';

const roles = {
  logits: ({ batch, hand }) => hand.numbers(batch.logits, 'logits'),
  matrix: ({ batch, hand }) =>
    hand.plain(
      batch.logits,
      Array.from({ length: batch.rows }, (_, r) => [...rowOf(batch, r)]),
      'matrix',
    ),
  row: ({ batch, r, hand }) => hand.numbers(rowOf(batch, r), 'row'),
  array: ({ batch, r, hand }) => hand.plain(rowOf(batch, r), [...rowOf(batch, r)], 'array'),
  inPlace: ({ batch, hand }) => hand.inPlace(batch.logits, 'logits'),
  rowInPlace: ({ batch, r, hand }) => hand.inPlace(rowOf(batch, r), 'row'),
  targets: ({ batch, hand }) => hand.numbers(batch.options?.probabilities ?? batch.targets, 'targets'),
  target: ({ batch, r }) => batch.targets[r],
  upstream: ({ batch, r, calledByRow, hand }) =>
    hand.numbers(calledByRow ? rowOfValues(upstreamOf(batch), batch, r) : upstreamOf(batch), 'upstream'),
  out: ({ outLength, hand }) => hand.out(outLength),
  rows: ({ batch }) => batch.rows,
  cols: ({ batch }) => batch.cols,
} as const satisfies Record<string, (call: Call) => unknown>;

/** What an argument can be. */
export type Role = keyof typeof roles;

interface Call {
  readonly batch: Batch;
  /** The row, where there is one call for each. */
  readonly r: number;
  readonly calledByRow: boolean;
  /** How many numbers the call answers. */
  readonly outLength: number;
  readonly hand: Hand;
}

const byRow: readonly Role[] = ['row', 'array', 'rowInPlace', 'target'];
const whole: readonly Role[] = ['logits', 'matrix', 'inPlace'];
/** Where the answer is, if not returned. */
const room: readonly Role[] = ['out', 'inPlace', 'rowInPlace'];
const roleNames = Object.keys(roles) as Role[];
const example = 'A signature is a list like (row), (array) or (logits, out, rows, cols).';

/**
 * The arguments that `text` lists: `(logits, out, rows, cols)`, with or without a name before the parenthesis.
 * @throws UserError when it does not parse, names something else, or has no logits.
 */
export function parseSignature(text: string): Role[] {
  const [, list] = /^\s*\w*\s*\(([^()]*)\)\s*$/.exec(text) ?? [];
  if (list === undefined) throw new UserError(`the signature '${text}' does not parse`, example);
  const names = list.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!roleNames.includes(name as Role)) throw unknownName('signature argument', name, roleNames);
  }
  const found = names as Role[];
  const logits = found.filter((role) => role !== 'target' && (whole.includes(role) || byRow.includes(role)));
  if (logits.length === 0) throw new UserError(`the signature '${text}' takes no logits`, example);
  const batch = found.find((role) => whole.includes(role));
  if (batch !== undefined && found.some((role) => byRow.includes(role)))
    throw new UserError(`the signature '${text}' takes ${batch} and one row at a time`, example);
  if (found.filter((role) => room.includes(role)).length > 1)
    throw new UserError(`the signature '${text}' has the answer in two places`, example);
  return found;
}

/** A function of any shape. */
export type ForeignFunction = (...args: unknown[]) => unknown;

/**
 * The kernel of one `operation` that calls `implementation` as `signature` says, with arrays that lie as `placement` says
 * where there is one. Its answers are promises only where the function's are; one that is no number and no array is passed on
 * as it is, for the judge to refuse. It throws a CallFailure where the function changes what it was given; the aftermath has what it was given then.
 */
export function adaptFunction(
  implementation: ForeignFunction,
  operation: Operation,
  signature: readonly Role[],
  placement: Placement | null = null,
  aftermath?: Aftermath,
): Kernel {
  const calledByRow = signature.some((role) => byRow.includes(role));
  const hasRoom = signature.some((role) => room.includes(role));
  const callOnce = (batch: Batch, r: number, outLength: number): unknown => {
    const hand = createHand(placement, aftermath);
    const call = { batch, r, calledByRow, outLength, hand };
    const returned = implementation(...signature.map((role) => roles[role](call)));
    const finish = (answer: unknown): unknown => {
      const written = hand.check();
      return hasRoom ? written : answer;
    };
    return isThenable(returned) ? returned.then(finish) : finish(returned);
  };
  const answerOf = (batch: Batch): unknown => {
    const length = outputLength(operation, batch.rows, batch.cols, batch.options);
    if (!calledByRow) return callOnce(batch, 0, length);
    const perRow = answersBatch(operation) ? 1 : length / batch.rows;
    return Array.from({ length: batch.rows }, (_, r) => callOnce(batch, r, perRow));
  };
  const call = (batch: Batch): unknown => {
    const answer = answerOf(batch);
    const answers = Array.isArray(answer) && answer.some(isThenable) ? Promise.all(answer) : answer;
    const share = calledByRow && !answersBatch(operation) ? 1 / shareOf(operation, batch.rows) : 1;
    const convert = (given: unknown) => toAnswer(given, operation, share);
    return isThenable(answers) ? answers.then(convert) : convert(answers);
  };
  return { [operation]: contractOf(operation, call) } as Kernel;
}

/** The contract's function of `operation` that hands its arguments on as a batch. */
export function contractOf(operation: Operation, call: (batch: Batch) => unknown): ForeignFunction {
  const given = (
    logits: unknown,
    targets: unknown,
    upstream: unknown,
    rows: unknown,
    cols: unknown,
    options: unknown,
  ): unknown =>
    call({
      rows,
      cols,
      logits,
      targets,
      upstream,
      ...optionsAndLayout(options as Options | undefined),
    } as Batch);
  const noTargets = (rows: unknown): Int32Array => new Int32Array(rows as number);
  if (usesTargets(operation))
    return (logits, targets, rows, cols, options) =>
      targets instanceof Float32Array
        ? given(logits, noTargets(rows), null, rows, cols, { ...(options as object), probabilities: targets })
        : given(logits, targets, null, rows, cols, options);
  if (usesUpstream(operation))
    return (upstream, logits, rows, cols, options) =>
      given(logits, noTargets(rows), upstream, rows, cols, options);
  return (logits, rows, cols, options) => given(logits, noTargets(rows), null, rows, cols, options);
}

/** Numbers as the contract wants them. The losses of rows become their mean, in FP64, and so do their gradients. */
function toAnswer(answer: unknown, operation: Operation, share: number): unknown {
  const numbers = numbersOf(answer);
  if (numbers === undefined) return answer;
  if (!answersBatch(operation)) return Float32Array.from(numbers, (x) => x / share);
  return Math.fround(numbers.reduce((sum, loss) => sum + loss, 0) / numbers.length);
}

/** The numbers in a number, an array or arrays of arrays; nothing where there is something else. */
export function numbersOf(answer: unknown): number[] | undefined {
  if (typeof answer === 'number') return [answer];
  if (ArrayBuffer.isView(answer) && !(answer instanceof DataView)) return Array.from(answer as Float32Array);
  if (!Array.isArray(answer)) return undefined;
  const parts = answer.map(numbersOf);
  return parts.includes(undefined) ? undefined : (parts.flat() as number[]);
}
