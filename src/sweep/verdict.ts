/**
 * What is wrong with one answer for [x, 0] or [0, x]. Double precision says it as far as its proven errors let it
 * (src/judge/surmise.ts); decimal.js says the rest.
 */
import type { Batch } from '../core/batch.ts';
import { triggerOf } from '../core/trigger.ts';
import { bucketOf } from '../core/violation.ts';
import { rowBudget } from '../judge/budget.ts';
import { compare, incomparable, type Miss } from '../judge/compare.ts';
import type { Profile } from '../judge/profile.ts';
import { createSurmise, UNDECIDED } from '../judge/surmise.ts';
import { createOracle } from '../oracle/exact.ts';
import { approximateRow } from '../oracle/float64.ts';
import { FLUSHED } from './intervals.ts';
import type { SweepOperation } from './plan.ts';

/** What is said of one answer that is not the nearest. */
export interface Verdict {
  /** The error over the profile's budget, true to 2^-20; NaN for NaN. */
  readonly use: number;
  /** The bucket, {@link FLUSHED}, or null. */
  readonly fault: string | null;
}

/** A use of the budget below which the answer is surely within it. */
const SURELY_WITHIN = 1 - 2 ** -20;

/** Judges number `index` of the answer for a batch of one row of two; `error` is in double precision, absolute. */
export type Judge = (batch: Batch, index: number, got: number, error: number) => Verdict;

/** The judge of an operation. */
export function createJudge(operation: SweepOperation, profile: Profile): Judge {
  const gaps = new Float64Array(2);
  const probabilities = new Float64Array(2);
  return (batch, index, got, error) => {
    if (Number.isNaN(got)) {
      return { use: Number.NaN, fault: bucket(operation, batch, incomparable('nan', 'error')) };
    }
    const row = approximateRow(batch.logits, gaps, probabilities);
    const use = error / rowBudget(batch.logits, row, profile)[operation](index);
    const isNegativeProbability = operation === 'softmax' && got < 0;
    if (use < SURELY_WITHIN && !isNegativeProbability) return { use, fault: got === 0 ? FLUSHED : null };
    const miss = createSurmise(operation, batch, [row], profile)(index, got);
    if (miss !== UNDECIDED && miss !== null) return { use, fault: bucket(operation, batch, miss) };
    return { use, fault: provenFault(operation, profile, batch, index, got) };
  };
}

/** What decimal.js says is wrong with an answer. */
export function provenFault(
  operation: SweepOperation,
  profile: Profile,
  batch: Batch,
  index: number,
  got: number,
): string | null {
  const oracle = createOracle(batch);
  const miss = compare(oracle, operation, index, got, profile);
  if (miss !== null) return bucket(operation, batch, miss);
  return got === 0 && oracle.entry(operation, index).rounded !== 0 ? FLUSHED : null;
}

function bucket(operation: SweepOperation, { logits }: Batch, miss: Miss): string {
  return bucketOf({ operation, ...miss, trigger: triggerOf(logits), index: null, row: null, detail: null });
}
