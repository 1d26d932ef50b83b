/**
 * Several targets beside each other: how large their errors are on the same batches, and what they make of the inputs
 * on which libraries rightly differ.
 */
import type { BatchOptions } from '../../arbitraries/generate.ts';
import type { ShapeOptions } from '../../arbitraries/shape.ts';
import { type Batch, batchOf } from '../../core/batch.ts';
import { inFormat } from '../../core/grid.ts';
import { keep } from '../../core/keep.ts';
import { operationsOf } from '../../core/kernel.ts';
import { operations as allOperations, type Operation } from '../../core/operation.ts';
import type { Target } from '../../core/target.ts';
import { formatFloat } from '../../float32/format.ts';
import type { FormatName } from '../../formats/index.ts';
import { type Measurement, measure, noMeasurement, worseOf } from '../../judge/measure.ts';
import { noneDrawn } from '../../options/taken.ts';
import type { Oracle } from '../../oracle/exact.ts';
import { profileOf } from '../../row/profile-formats.ts';
import { observe } from '../../targets/observe.ts';
import { batchFor, casesOf, fits } from '../explore/cases.ts';
import { sharedOracles } from '../explore/oracles.ts';
import { sizesFor } from '../explore/sizes.ts';
import { logitsOf, takes as takesInput } from '../subject.ts';
import { type AccuracyDifference, accuracyDifferences } from './accuracy-differences.ts';

/** What one operation of one target was measured to err. */
export interface MeasuredOperation extends Measurement {
  readonly target: string;
  readonly operation: Operation;
  /** Answers that were none: thrown, of another shape, or too late, after which no more are asked. */
  readonly unanswered: number;
}

/** One question, and each target's answer in the order of the targets. */
export interface Semantics {
  readonly question: string;
  readonly answers: readonly string[];
}

/** The table's data. */
export interface Comparison {
  readonly targets: readonly string[];
  /** On how many batches errors were measured. */
  readonly batches: number;
  readonly measured: readonly MeasuredOperation[];
  readonly semantics: readonly Semantics[];
  /** What each target has lost and gained in accuracy against the first. */
  readonly accuracy: readonly AccuracyDifference[];
}

const { NaN: NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;

/** So small that decimal.js measures every number within seconds. */
const shapes = { maxRows: 4, maxCols: 48, maxCells: 64 };

/** How many batches are measured unless told otherwise. */
const BATCHES = 150;

/** Batches of fixed sizes are fewer where they have more logits than this together; but one is measured. */
const MOST_LOGITS = 9600;

/** Of batches with more logits than this not even one is measured: decimal.js would take minutes. */
const LARGEST = 2 ** 14;

/** How targets are compared. */
export interface ComparisonOptions {
  /** @defaultValue all */
  readonly operations?: readonly Operation[] | undefined;
  /** How many batches are measured. @defaultValue 150, or fewer of large sizes */
  readonly batches?: number | undefined;
  /** The rows and columns of every batch, where they are fixed. */
  readonly sizes?: Pick<ShapeOptions, 'rows' | 'cols'> | undefined;
  /** Asked before each call: no more is shown then than what every target has answered. */
  readonly isOver?: (() => boolean) | undefined;
}

/**
 * Compares `targets` on the first batches of `seed`, which are small, or have the sizes that are fixed. Null where it is over
 * before all have answered the first.
 */
export async function compareTargets(
  targets: readonly Target[],
  seed: number,
  { operations = allOperations, batches, sizes = {}, isOver = () => false }: ComparisonOptions = {},
): Promise<Comparison | null> {
  const { rows, cols, ...limits } = sizesFor(targets, sizes);
  const most = batches ?? batchesOf(rows, cols);
  const cases = casesOf({
    seed,
    saved: [],
    generation: { ...limits, ...shapesOf(rows, cols), upstream: true },
  });
  const offered = operations.flatMap((operation) =>
    targets
      .filter(({ kernel }) => operationsOf(kernel).includes(operation))
      .map((target) => ({ operation, target })),
  );
  let errors = offered.map((): Errors => ({ worst: noMeasurement, unanswered: 0, isSilent: false }));
  let done = 0;
  while (done < most && !isOver()) {
    const number = done;
    const batchIn = keep((format: FormatName) => cases.at(number, format).batch);
    const oracleFor = sharedOracles({
      batchOf: (target, operation) => plainFor(target, operation, batchIn(logitsOf(target))),
      optionsOf: (target) => batchIn(logitsOf(target)).options ?? {},
    });
    const next = await errorsOn(oracleFor, offered, errors, isOver);
    if (next === null) break;
    errors = next;
    done++;
  }
  if (done === 0 && isOver()) return null;
  const measured = offered.map(({ operation, target }, k) => {
    const { unanswered, worst } = errors[k];
    return { target: target.name, operation, unanswered, ...worst };
  });
  const semantics: Semantics[] = [];
  for (const { question, operation, batch, describe } of questions) {
    if (isOver()) break;
    if (!operations.includes(operation)) continue;
    const answers: string[] = [];
    for (const target of targets) answers.push(await answerOf(target, operation, batch, describe));
    semantics.push({ question, answers });
  }
  const subjects = targets.map((target) => ({
    target,
    operations: operations.filter((operation) => operationsOf(target.kernel).includes(operation)),
  }));
  const accuracy = await accuracyDifferences(subjects, isOver);
  return { targets: targets.map(({ name }) => name), batches: done, measured, semantics, accuracy };
}

/** What an operation of a target was measured to err so far. */
interface Errors {
  readonly worst: Measurement;
  readonly unanswered: number;
  /** Whether it did not answer in time: one wait tells enough. */
  readonly isSilent: boolean;
}

/** `errors` with those on one batch more, in each target's format; null when it is over before all have answered. */
async function errorsOn(
  oracleFor: (target: Target, operation: Operation) => Oracle,
  offered: readonly { readonly operation: Operation; readonly target: Target }[],
  errors: readonly Errors[],
  isOver: () => boolean,
): Promise<Errors[] | null> {
  const next = [...errors];
  for (const [k, { operation, target }] of offered.entries()) {
    const { worst, unanswered, isSilent } = errors[k];
    const oracle = oracleFor(target, operation);
    if (isSilent || !takes(target, oracle.batch)) continue;
    if (isOver()) return null;
    const observed = await observe(target, operation, oracle.batch);
    next[k] =
      observed.status === 'answered'
        ? {
            worst: worseOf(worst, measure(oracle, operation, observed.output, profileOf(target))),
            unanswered,
            isSilent,
          }
        : { worst, unanswered: unanswered + 1, isSilent: observed.status === 'timed-out' };
  }
  return next;
}

/** The small shapes, or with what is fixed; of a batch that has only rows or columns fixed the other is small too. */
function shapesOf(rows: number | undefined, cols: number | undefined): BatchOptions {
  if (rows === undefined && cols === undefined) return shapes;
  if (rows !== undefined && cols !== undefined) return { rows, cols };
  if (rows !== undefined) return { rows, maxCols: Math.max(1, Math.floor(shapes.maxCells / rows)) };
  return { cols, maxRows: Math.min(shapes.maxRows, Math.max(1, Math.floor(shapes.maxCells / (cols ?? 1)))) };
}

/** As many batches of these sizes as decimal.js measures within seconds. */
function batchesOf(rows = 1, cols = 1): number {
  const logits = rows * cols;
  if (logits > LARGEST) return 0;
  return Math.min(BATCHES, Math.max(1, Math.floor(MOST_LOGITS / logits)));
}

async function answerOf(
  target: Target,
  operation: Operation,
  batch: Batch,
  describe: Question['describe'],
): Promise<string> {
  if (!operationsOf(target.kernel).includes(operation) || !takes(target, batch)) return '-';
  const given = plainFor(target, operation, inFormat(batch, logitsOf(target)));
  const observed = await observe(target, operation, given);
  return observed.status === 'answered' ? describe(observed.output) : observed.status;
}

/** The batch with no options but those that the target has fixed. */
function plainFor(target: Target, operation: Operation, batch: Batch): Batch {
  return batchFor({ batch, drawn: noneDrawn }, target, operation);
}

/** Whether the target wants to be given the batch. */
function takes(target: Target, batch: Batch): boolean {
  return takesInput(target, batch) && fits(batch, { rows: target.rows, cols: target.cols });
}

interface Question {
  readonly question: string;
  readonly operation: Operation;
  readonly batch: Batch;
  readonly describe: (output: Float32Array) => string;
}

const numbers = (output: Float32Array): string =>
  output.length === 1
    ? formatFloat(output[0])
    : `[${Array.from(output, (value) => formatFloat(value)).join(', ')}]`;
const keptAt =
  (k: number) =>
  (output: Float32Array): string =>
    output[k] === 0 ? 'flushed' : 'kept';

const empty: Batch = { ...batchOf([[0]]), cols: 0, logits: new Float32Array() };
const masked = batchOf([[NEGATIVE_INFINITY, NEGATIVE_INFINITY]]);
const infinite = batchOf([[POSITIVE_INFINITY, 0]]);

const questions: readonly Question[] = [
  { question: 'softmax([-Infinity, -Infinity])', operation: 'softmax', batch: masked, describe: numbers },
  { question: 'softmax([Infinity, 0])', operation: 'softmax', batch: infinite, describe: numbers },
  { question: 'softmax([NaN, 0])', operation: 'softmax', batch: batchOf([[NAN, 0]]), describe: numbers },
  { question: 'softmax([5])', operation: 'softmax', batch: batchOf([[5]]), describe: numbers },
  { question: 'softmax of no class', operation: 'softmax', batch: empty, describe: numbers },
  {
    question: 'softmax, subnormal answers',
    operation: 'softmax',
    batch: batchOf([[0, -88]]),
    describe: keptAt(1),
  },
  {
    question: 'logSoftmax([0, -Infinity])',
    operation: 'logSoftmax',
    batch: batchOf([[0, NEGATIVE_INFINITY]]),
    describe: numbers,
  },
  { question: 'logSumExp([-Infinity, -Infinity])', operation: 'logSumExp', batch: masked, describe: numbers },
  { question: 'logSumExp([Infinity, 0])', operation: 'logSumExp', batch: infinite, describe: numbers },
  { question: 'logSumExp of no class', operation: 'logSumExp', batch: empty, describe: numbers },
  {
    question: 'logSumExp, subnormal logits',
    operation: 'logSumExp',
    batch: batchOf([[2 ** -127]]),
    describe: keptAt(0),
  },
  {
    question: 'crossEntropy([-Infinity, 0], target 0)',
    operation: 'crossEntropy',
    batch: batchOf([[NEGATIVE_INFINITY, 0]]),
    describe: numbers,
  },
  {
    question: 'crossEntropyGrad([-Infinity, -Infinity])',
    operation: 'crossEntropyGrad',
    batch: masked,
    describe: numbers,
  },
];
