/** How the accuracy of several targets differs on the same batches: of two versions of a kernel, what the second has lost and gained. */
import type { Target } from '../../core/target.ts';
import type { Subject } from '../subject.ts';
import { type BenchmarkedOperation, benchmark } from './accuracy-benchmark.ts';
import { type AccuracyChange, accuracyChanges } from './accuracy-changes.ts';

/** What a target has lost and gained against another. */
export interface AccuracyDifference {
  readonly target: string;
  readonly against: string;
  readonly changes: readonly AccuracyChange[];
}

/**
 * Each of the subjects against the first, of those that are judged by the same profile in the same formats: budgets of another cannot be compared.
 * What there is no time for is left out.
 */
export async function accuracyDifferences(
  [first, ...others]: readonly Subject[],
  isOver: () => boolean,
): Promise<AccuracyDifference[]> {
  const comparable = others.filter(({ target }) => budgetsOf(target) === budgetsOf(first.target));
  if (comparable.length === 0) return [];
  const before = await benchmark(first, isOver);
  if (before === null) return [];
  const all: AccuracyDifference[] = [];
  for (const subject of comparable) {
    const after = await benchmark(subject, isOver);
    if (after !== null) all.push(differenceOf(subject, after, first, before));
  }
  return all;
}

function differenceOf(
  { target }: Subject,
  after: readonly BenchmarkedOperation[],
  { target: against }: Subject,
  before: readonly BenchmarkedOperation[],
): AccuracyDifference {
  return { target: target.name, against: against.name, changes: accuracyChanges(before, after) };
}

function budgetsOf({ profile, formats }: Target): string {
  return JSON.stringify([profile, formats]);
}
