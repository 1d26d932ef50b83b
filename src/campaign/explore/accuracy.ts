/**
 * How accurate an operation was where it was right: plain data, which adds up in any order as tallies do. Every seventeenth
 * case is measured, and the first ones all; 17 has no factor in common with the periods of requests.ts.
 */
import { rowOf } from '../../core/batch.ts';
import { addHistograms, binOf, type Histogram, medianOf, quantileOf } from '../../core/histogram.ts';
import { type Operation, rowAt } from '../../core/operation.ts';
import { measureNumbers, type OnNumber } from '../../judge/accuracy.ts';
import type { Oracle } from '../../oracle/exact.ts';
import type { Profile } from '../../row/profile.ts';

/** Of so many cases one is measured, and each of the first. */
const PERIOD = 17;
const FIRST = 128;

/** The rows of so many logits are kept whole. */
const MOST_KEPT = 12;

/** The number of the largest error, and where it was. */
export interface WorstNumber {
  /** In ULP, or over the budget. */
  readonly error: number;
  readonly case: number;
  /** Index into the answer. */
  readonly index: number;
  readonly cols: number;
  /** The logits of its row, of a loss those of all rows; null where they are more than a few, or not all: with options. */
  readonly logits: Float32Array | null;
}

/** The errors of one operation's right answers. */
export interface Accuracy {
  /** In ULP of the exact value, where that is a normal number. */
  readonly ulps: Histogram;
  /** Over the budget of the target's profile. */
  readonly uses: Histogram;
  /** Null where nothing was measured. */
  readonly worstUlp: WorstNumber | null;
  readonly worstUse: WorstNumber | null;
}

/** The accuracy of no answer. */
export const noAccuracy: Accuracy = { ulps: new Map(), uses: new Map(), worstUlp: null, worstUse: null };

/** Whether an answer to case `number` is measured; wrong ones, which are for plots alone, half as often and not of the first. */
export function isMeasured(number: number, isRight: boolean): boolean {
  return isRight ? number < FIRST || number % PERIOD === 0 : number % (2 * PERIOD) === 0;
}

/** The accuracy of one right answer to case `number`; `also` takes each number too. */
export function accuracyOf(
  operation: Operation,
  number: number,
  oracle: Oracle,
  output: Float32Array,
  profile: Profile,
  also: OnNumber = ignore,
): Accuracy {
  const ulps = new Map<number, number>();
  const uses = new Map<number, number>();
  const worst = { ulp: -1, ulpAt: 0, use: -1, useAt: 0 };
  measureNumbers(operation, oracle, output, profile, (k, errorUlp, budgetUse) => {
    also(k, errorUlp, budgetUse);
    count(uses, budgetUse);
    if (budgetUse > worst.use) [worst.use, worst.useAt] = [budgetUse, k];
    if (Number.isNaN(errorUlp)) return;
    count(ulps, errorUlp);
    if (errorUlp > worst.ulp) [worst.ulp, worst.ulpAt] = [errorUlp, k];
  });
  const at = (error: number, index: number): WorstNumber | null =>
    error < 0 ? null : { error, case: number, index, ...place(operation, oracle, index) };
  return { ulps, uses, worstUlp: at(worst.ulp, worst.ulpAt), worstUse: at(worst.use, worst.useAt) };
}

function ignore(): void {}

function count(bins: Map<number, number>, size: number): void {
  const bin = binOf(size);
  bins.set(bin, (bins.get(bin) ?? 0) + 1);
}

function place(operation: Operation, { batch }: Oracle, index: number): Pick<WorstNumber, 'cols' | 'logits'> {
  const { cols } = batch;
  const row = rowAt(operation, index, batch);
  const logits = row === null ? batch.logits : rowOf(batch, row);
  const isWhole = batch.options === undefined && logits.length <= MOST_KEPT;
  return { cols, logits: isWhole ? logits.slice() : null };
}

/** The accuracy of both. */
export function addAccuracies(a: Accuracy, b: Accuracy): Accuracy {
  return {
    ulps: addHistograms(a.ulps, b.ulps),
    uses: addHistograms(a.uses, b.uses),
    worstUlp: worseOf(a.worstUlp, b.worstUlp),
    worstUse: worseOf(a.worstUse, b.worstUse),
  };
}

/** The larger error, and of equal ones that of the lower case number. */
function worseOf(a: WorstNumber | null, b: WorstNumber | null): WorstNumber | null {
  if (a === null || b === null) return a ?? b;
  if (a.error === b.error) return a.case <= b.case ? a : b;
  return a.error > b.error ? a : b;
}

/** What is told of an operation's accuracy. */
export interface AccuracySummary {
  readonly operation: Operation;
  /** How many numbers were measured. */
  readonly numbers: number;
  /** The medians, to nine percent. */
  readonly typicalUlp: number;
  /** The error that one of a thousand numbers exceeds. */
  readonly highUlp: number;
  readonly typicalUse: number;
  readonly worstUlp: WorstNumber;
  readonly worstUse: WorstNumber;
  /** The errors in ULP. */
  readonly ulps: Histogram;
}

/** The summary, or null where nothing was measured. */
export function summarize(operation: Operation, accuracy: Accuracy | undefined): AccuracySummary | null {
  if (accuracy === undefined) return null;
  const { ulps, uses, worstUlp, worstUse } = accuracy;
  if (worstUlp === null || worstUse === null) return null;
  return {
    operation,
    numbers: [...uses.values()].reduce((sum, each) => sum + each, 0),
    // The middle of a bin may lie above all that is in it.
    typicalUlp: Math.min(medianOf(ulps), worstUlp.error),
    highUlp: Math.min(quantileOf(ulps, 0.999), worstUlp.error),
    typicalUse: Math.min(medianOf(uses), worstUse.error),
    worstUlp,
    worstUse,
    ulps,
  };
}
