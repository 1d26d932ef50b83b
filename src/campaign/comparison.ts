/**
 * Several targets beside each other: how large their errors are on the same batches, and what they make of the inputs
 * on which libraries rightly differ.
 */
import { type Batch, batchOf, isNumeric } from '../core/batch.ts';
import { operationsOf } from '../core/kernel.ts';
import { operations as allOperations, type Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { formatFloat } from '../float32/format.ts';
import { type Measurement, measure, noMeasurement, worseOf } from '../judge/measure.ts';
import { profileNamed } from '../judge/profile.ts';
import { createOracle } from '../oracle/exact.ts';
import { observe } from '../targets/observe.ts';
import { casesOf, fits } from './cases.ts';
import { sizesFor } from './sizes.ts';

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
}

const { NaN: NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;

/** So small that decimal.js measures every number within seconds. */
const shapes = { maxRows: 4, maxCols: 48, maxCells: 64 };

/** How many batches are measured unless told otherwise. */
const BATCHES = 150;

/** Compares `targets` on the first generated batches of `seed`, whatever the campaign's shapes but those that targets take alone. */
export async function compareTargets(
  targets: readonly Target[],
  seed: number,
  operations: readonly Operation[] = allOperations,
  batches: number = BATCHES,
): Promise<Comparison> {
  const measured: MeasuredOperation[] = [];
  const generation = sizesFor(targets, { ...shapes, upstream: true });
  const cases = casesOf({ seed, saved: [], generation });
  const oracles = Array.from({ length: batches }, (_, k) => createOracle(cases.at(k).batch));
  for (const operation of operations) {
    for (const target of targets) {
      if (!operationsOf(target.kernel).includes(operation)) continue;
      let worst = noMeasurement;
      let unanswered = 0;
      for (const oracle of oracles) {
        if (!takes(target, oracle.batch)) continue;
        const observed = await observe(target, operation, oracle.batch);
        if (observed.status === 'answered')
          worst = worseOf(worst, measure(oracle, operation, observed.output, profileNamed(target.profile)));
        else unanswered++;
        if (observed.status === 'timed-out') break; // One wait tells enough.
      }
      measured.push({ target: target.name, operation, unanswered, ...worst });
    }
  }
  const semantics: Semantics[] = [];
  for (const { question, operation, batch, describe } of questions) {
    if (!operations.includes(operation)) continue;
    const answers: string[] = [];
    for (const target of targets) answers.push(await answerOf(target, operation, batch, describe));
    semantics.push({ question, answers });
  }
  return { targets: targets.map(({ name }) => name), batches, measured, semantics };
}

async function answerOf(
  target: Target,
  operation: Operation,
  batch: Batch,
  describe: Question['describe'],
): Promise<string> {
  if (!operationsOf(target.kernel).includes(operation) || !takes(target, batch)) return '-';
  const observed = await observe(target, operation, batch);
  return observed.status === 'answered' ? describe(observed.output) : observed.status;
}

/** Whether the target wants to be given the batch. */
function takes(target: Target, batch: Batch): boolean {
  return (target.nonFinite || isNumeric(batch)) && fits(batch, target);
}

interface Question {
  readonly question: string;
  readonly operation: Operation;
  readonly batch: Batch;
  readonly describe: (output: Float32Array) => string;
}

const numbers = (output: Float32Array): string =>
  output.length === 1 ? formatFloat(output[0]) : `[${Array.from(output, formatFloat).join(', ')}]`;
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
