/**
 * What a campaign that holds has shown: which known ways to be wrong its batches find. Each is put to the same batches as a kernel that is wrong in
 * this way alone (src/hypotheses), with sums in double precision, until the judge finds something in an answer of it by one of the operations.
 *
 * A way to be wrong counts where it is one: where its kernel is found, or would be on a batch that is known to show it (its witness, or that of another),
 * by an operation that is fuzzed, with the profile, formats and sizes of the target. Climbs and laws are left out: with these a campaign may find more.
 *
 * How much of it is done is an amount of work, so that the same options tell the same. Where a half of it is spent, only
 * batches of rare shapes are drawn any more, for ways to be wrong that no other shape shows.
 */
import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../core/batch.ts';
import { inFormat } from '../../core/grid.ts';
import { answerOf, type CompleteKernel } from '../../core/kernel.ts';
import type { Operation } from '../../core/operation.ts';
import type { Target } from '../../core/target.ts';
import { fp32 } from '../../formats/index.ts';
import type { Hypothesis } from '../../hypotheses/hypothesis.ts';
import { hypotheses } from '../../hypotheses/known.ts';
import { precise, reductionWith } from '../../hypotheses/steps.ts';
import { changedBy, kernelOf } from '../../hypotheses/wrong.ts';
import { noneDrawn, takenBy } from '../../options/taken.ts';
import type { Oracle } from '../../oracle/exact.ts';
import type { Profile } from '../../row/profile.ts';
import { profileOf } from '../../row/profile-formats.ts';
import { isSame } from '../../targets/placed.ts';
import { batchFor, type Case, type Cases, optionsIn } from '../explore/cases.ts';
import { sharedOracles } from '../explore/oracles.ts';
import { type Range, sizeOf } from '../explore/ranges.ts';
import { logitsOf, type Subject, takes } from '../subject.ts';
import { isWrong } from './is-wrong.ts';

/** What became of one known fault. */
export interface FaultPower {
  /** What a kernel with it does: `subtracts no maximum`. */
  readonly words: string;
  /** The number of batches after which it is found, from 1; null where none shows it. */
  readonly foundAfter: number | null;
  /** What a batch has to have to show it, where no batch has: `rows of over 65536 logits`. */
  readonly needs: string | null;
  /** How many batches were tried, where it is not found: all, or as many as there was work for. */
  readonly tried: number;
}

/** What the batches of a campaign find. */
export interface Power {
  /** How many batches there are. */
  readonly batches: number;
  /** Every way to be wrong of the operations, those that are found first in the order in which they are, then the others. */
  readonly faults: readonly FaultPower[];
}

/** Logits, each counted for drawing it and for every answer that has to do with it: some two seconds. */
const MOST_WORK = 16_000_000;

/** A campaign of less time has less of it, so that it is no more than a tenth of the time. */
const TIME_FOR_ALL_MS = 30_000;

/** The most work for a campaign that may take so long. */
export function workFor(maxTimeMs = Number.POSITIVE_INFINITY): number {
  return MOST_WORK * Math.min(1, maxTimeMs / TIME_FOR_ALL_MS);
}

/** What drawing a logit takes, in answers to it. */
const DRAWING = 2;

/** How long nothing else is done, in ms. */
const SLICE_MS = 50;

/** A kernel that is wrong in one way at most. */
interface Suspect {
  readonly kernel: CompleteKernel;
  /** What it reduces a batch to, where it is wrong in nothing else. */
  readonly reduction: ((batch: Batch) => Float32Array) | null;
}

const suspectOf = (wrong: Pick<Hypothesis, 'changes' | 'ofOptions' | 'isBackward'>): Suspect => ({
  kernel: kernelOf(wrong, precise),
  reduction: wrong.ofOptions === undefined ? reductionWith(wrong.changes, precise) : null,
});

const rightSuspect = suspectOf({ changes: {} });

/** A fault that is not found yet. */
interface Open extends Suspect {
  readonly hypothesis: Hypothesis;
  /** The operations that are fuzzed and that it changes. */
  readonly changed: readonly Operation[];
  /** How many batches had a shape that may show it. */
  shapes: number;
  /** Of how many batches all that may show it were tried, where it was not tried on all. */
  left: number | null;
}

/**
 * What the cases of `ranges` find of known faults, on the way to a verdict on `subject`. Null where the signal is aborted before.
 * `work` is the most that it may take.
 */
export async function powerOf(
  subject: Subject,
  cases: Cases,
  ranges: readonly Range[],
  { work = workFor(), signal }: { readonly work?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<Power | null> {
  const { target, operations } = subject;
  const profile = profileOf(target);
  const found: FaultPower[] = [];
  let open = hypotheses
    .map((hypothesis): Open => {
      const changed = changedBy(hypothesis).filter(
        (operation) => operations.includes(operation) && isGiven(hypothesis, target, operation),
      );
      return { hypothesis, changed, ...suspectOf(hypothesis), shapes: 0, left: null };
    })
    .filter(({ changed }) => changed.length > 0);
  let spent = 0;
  let batches = 0;
  let slept = performance.now();
  for (const number of numbersOf(ranges)) {
    if (open.length === 0) break;
    if (performance.now() - slept >= SLICE_MS) {
      await setImmediate();
      if (signal?.aborted) return null;
      slept = performance.now();
    }
    batches++;
    const shape = cases.shapeAt(number);
    const showable = open.filter(({ hypothesis: { needs } }) => mayShow(needs, shape, target));
    const isTried = ({ hypothesis: { needs } }: Open): boolean =>
      spent < (needs === undefined ? work / 2 : work);
    const tried = showable.filter(isTried);
    for (const each of showable) {
      each.shapes++;
      if (!isTried(each)) each.left ??= batches - 1;
    }
    if (tried.length === 0) continue;
    const given = cases.at(number, logitsOf(target));
    spent += given.batch.logits.length * DRAWING;
    if (!takes(target, given.batch)) continue;
    const question = questionOf(given, target, profile);
    const shown = tried.filter((each) => question.isWrong(each, each.changed));
    spent += question.answers() * given.batch.logits.length;
    for (const { hypothesis } of shown)
      found.push({ words: hypothesis.words, foundAfter: batches, needs: null, tried: batches });
    open = open.filter((each) => !shown.includes(each));
  }
  const missed = open.filter(isFaultOf(target, profile));
  return {
    batches: sizeOf(ranges),
    faults: [
      ...found,
      ...missed.map(({ hypothesis: { words, needs }, shapes, left }) => ({
        words,
        foundAfter: null,
        needs: needs !== undefined && shapes === 0 ? needs.words : null,
        tried: left ?? sizeOf(ranges),
      })),
    ],
  };
}

/** Whether the operation takes the options that the hypothesis takes wrong: those of its witness. */
function isGiven({ ofOptions, witness }: Hypothesis, target: Target, operation: Operation): boolean {
  if (ofOptions === undefined) return true;
  const { names, fixed } = takenBy(target, operation);
  const isTaken = (name: string): boolean => name in fixed || names.some((each) => each === name);
  return Object.keys(witness().options ?? {}).every(isTaken);
}

function* numbersOf(ranges: readonly Range[]): Generator<number> {
  for (const [from, to] of ranges) for (let number = from; number < to; number++) yield number;
}

/** Whether a batch of this shape may show what needs another. A sink is one more logit of a row. */
function mayShow(
  needs: Hypothesis['needs'],
  { rows, cols }: Pick<Batch, 'rows' | 'cols'>,
  target: Target,
): boolean {
  if (needs === undefined || needs.isMet({ rows, cols })) return true;
  return target.options !== undefined && needs.isMet({ rows, cols: cols + 1 });
}

/** What is asked of kernels on one batch. */
interface Question {
  /** Whether the judge finds something in an answer by one of the operations, and nothing in a right one. */
  readonly isWrong: (suspect: Suspect, operations: readonly Operation[]) => boolean;
  /** How many answers were made and judged. */
  readonly answers: () => number;
}

function questionOf(given: Pick<Case, 'batch' | 'drawn'>, target: Target, profile: Profile): Question {
  const oracleFor = sharedOracles({
    batchOf: (each, operation) => batchFor(given, each, operation),
    optionsOf: () => optionsIn(given),
  });
  const rightReductions = new Map<Oracle, Float32Array>();
  const rightAnswers = new Map<Operation, Float32Array | null>();
  let answers = 0;
  const counted = <T>(answer: T): T => {
    answers++;
    return answer;
  };
  const storedAnswer = ({ kernel }: Suspect, operation: Operation, { batch }: Oracle): Float32Array => {
    const numbers = counted(answerOf(kernel, operation, batch));
    return profile.answer === fp32 ? numbers : numbers.map(profile.answer.round);
  };
  const isBlamed = (operation: Operation, answer: Float32Array, oracle: Oracle): boolean =>
    counted(isWrong(oracle, operation, answer, profile));
  /** A right answer; null where that is none by the profile. */
  const rightAnswer = (operation: Operation, oracle: Oracle): Float32Array | null =>
    kept(rightAnswers, operation, () => {
      const answer = storedAnswer(rightSuspect, operation, oracle);
      return isBlamed(operation, answer, oracle) ? null : answer;
    });
  const isReducedRightly = ({ reduction }: Suspect, oracle: Oracle): boolean => {
    if (reduction === null || rightSuspect.reduction === null) return false;
    const { reduction: reduce } = rightSuspect;
    const right = kept(rightReductions, oracle, () => counted(reduce(oracle.batch)));
    return isSame(counted(reduction(oracle.batch)), right);
  };
  return {
    isWrong(suspect, operations) {
      const alike = new Map<Oracle, boolean>();
      return operations.some((operation) => {
        const oracle = oracleFor(target, operation);
        if (kept(alike, oracle, () => isReducedRightly(suspect, oracle))) return false;
        const right = rightAnswer(operation, oracle);
        if (right === null) return false;
        const answer = storedAnswer(suspect, operation, oracle);
        return !isSame(answer, right) && isBlamed(operation, answer, oracle);
      });
    },
    answers: () => answers,
  };
}

/** What the map has for the key, or what is made for it. */
function kept<K, T>(map: Map<K, T>, key: K, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Witnesses that others than their own fault are tried on have no more logits. */
const SMALL = 64;

/** Whether a batch that is known shows that it is a fault of the target's operations, by its profile. */
function isFaultOf(target: Target, profile: Profile): (fault: Open) => boolean {
  const ask = (witness: Batch): Question | null => {
    const batch = inFormat(sizedFor(target, witness), logitsOf(target));
    return takes(target, batch) ? questionOf({ batch, drawn: noneDrawn }, target, profile) : null;
  };
  let others: readonly (Question | null)[] | undefined;
  return (fault) => {
    const isShownBy = (question: Question | null): boolean =>
      question?.isWrong(fault, fault.changed) === true;
    if (isShownBy(ask(fault.hypothesis.witness()))) return true;
    others ??= hypotheses
      .map(({ witness }) => witness())
      .filter(({ logits }) => logits.length <= SMALL)
      .map(ask);
    return others.some(isShownBy);
  };
}

/** The batch with the rows and columns that the target takes alone, its own again and again; with upstream values that differ. */
function sizedFor({ rows: fixedRows, cols: fixedCols }: Target, batch: Batch): Batch {
  const { rows = batch.rows, cols = batch.cols } = { rows: fixedRows, cols: fixedCols };
  const isAsItIs = rows === batch.rows && cols === batch.cols;
  const from = (k: number): number =>
    isAsItIs ? k : (Math.floor(k / cols) % batch.rows) * batch.cols + ((k % cols) % batch.cols);
  const upstream = new Float32Array(rows * cols);
  for (let k = 0; k < upstream.length; k++) upstream[k] = batch.upstream?.[from(k)] ?? 1 + 2 * (k % 2);
  if (isAsItIs) return { ...batch, upstream };
  return {
    rows,
    cols,
    logits: upstream.map((_, k) => batch.logits[from(k)]),
    targets: Int32Array.from({ length: rows }, (_, r) => Math.min(cols - 1, batch.targets[r % batch.rows])),
    upstream,
  };
}
