/**
 * Greedy descent from a failing batch to one that no candidate improves.
 *
 * A sweep is one run of {@link candidates}: each candidate that fails becomes the batch from which the sweep goes on.
 * Sweeps repeat until one improves nothing; that last sweep has asked for every candidate of the result. Candidates
 * strictly decrease in a well-founded order, so the descent ends even without a budget.
 */
import { candidates } from '../arbitraries/candidates.ts';
import type { Batch } from '../core/batch.ts';
import { fingerprint } from './fingerprint.ts';

/** What {@link shrink} found. */
export interface Shrunk {
  /** The simplest batch found that fails; the start itself when nothing simpler did. */
  readonly batch: Batch;
  /** How many batches were given to the predicate. */
  readonly evaluations: number;
  /** How many of them failed, each simpler than the one before. */
  readonly improvements: number;
  /** Whether every candidate of `batch` was evaluated and passes; false when the budget ended first. */
  readonly minimal: boolean;
}

/** When {@link shrink} ends although there are candidates left. */
export interface ShrinkOptions {
  /** After so many evaluations: 2,000 unless given. */
  readonly maxEvaluations?: number;
  /** Whether what has other rows or columns than the start is of no use. @defaultValue false */
  readonly keepsShape?: boolean;
  /** Asked before each evaluation. */
  readonly isOver?: () => boolean;
}

/**
 * The simplest batch that the descent from `start` reaches. `fails` must hold for `start` (it is not asked again) and
 * should mean "fails in the same way", or the result may show another fault. No batch is evaluated twice.
 */
export async function shrink(
  start: Batch,
  fails: (batch: Batch) => boolean | Promise<boolean>,
  { maxEvaluations = 2000, keepsShape = false, isOver = () => false }: ShrinkOptions = {},
): Promise<Shrunk> {
  const seen = new Set([fingerprint(start)]);
  let batch = start;
  let improvements = 0;
  let before: Batch;

  /** Whether the candidate fails; nothing when the budget does not allow to ask. */
  async function consider(candidate: Batch): Promise<boolean | undefined> {
    const key = fingerprint(candidate);
    if (seen.has(key)) return false; // It passed: what failed became the batch, and candidates are simpler than that.
    if (seen.size > maxEvaluations || isOver()) return undefined;
    seen.add(key);
    return await fails(candidate);
  }

  do {
    before = batch;
    const sweep = candidates(batch, keepsShape);
    for (let next = sweep.next(); !next.done; ) {
      const failed = await consider(next.value);
      if (failed === undefined) return { batch, evaluations: seen.size - 1, improvements, minimal: false };
      if (failed) {
        batch = next.value;
        improvements++;
      }
      next = sweep.next(failed);
    }
  } while (batch !== before);
  return { batch, evaluations: seen.size - 1, improvements, minimal: true };
}
