/**
 * What is wrong with one answer for [x, 0] or [0, x], as compare.ts would say. The budgets are computed from the row in
 * double precision, which moves them by 2^-30 at most (src/judge/screen.ts), and the error is above 1/2 ULP, so that it is
 * true to 2^-24. Where that does not decide, decimal.js does.
 */
import type { Batch } from '../core/batch.ts';
import { type Trigger, triggerNearZero } from '../core/trigger.ts';
import { bucketOf, type Kind, type Severity } from '../core/violation.ts';
import { compare, isWrongSign, kindOf } from '../judge/compare.ts';
import { rowSpecs } from '../operations/index.ts';
import { noInputs } from '../operations/operation.ts';
import { createOracle } from '../oracle/exact.ts';
import { approximateRow } from '../row/approximate-row.ts';
import type { Profile } from '../row/profile.ts';
import { fieldProfile } from '../row/profiles.ts';
import { roundToFormat } from '../row/round.ts';
import { rowCosts } from '../row/row-costs.ts';
import { FLUSHED } from './intervals.ts';
import type { SweepOperation } from './plan.ts';

/** What is said of one answer. */
export interface Verdict {
  /** The error over the profile's budget, true to 2^-23; NaN for NaN. */
  readonly use: number;
  /** The bucket, {@link FLUSHED}, or null. */
  readonly fault: string | null;
}

/** What double precision leaves open in the use of a budget, with room to spare. */
const OPEN = 2 ** -20;

/**
 * Judges number `index` of the answer for a batch of one row of two, which is more than 1/2 ULP from the exact one, or NaN.
 * `error` is the distance in double precision.
 */
export type Judge = (batch: Batch, index: number, got: number, error: number) => Verdict;

/** The judge of an operation. */
export function createJudge(operation: SweepOperation, profile: Profile): Judge {
  const gaps = new Float64Array(2);
  const probabilities = new Float64Array(2);
  const bucket = createBuckets(operation);
  const { budget } = rowSpecs[operation];
  return (batch, index, got, error) => {
    const { logits } = batch;
    if (Number.isNaN(got)) return { use: Number.NaN, fault: bucket('nan', 'error', triggerNearZero(logits)) };
    const row = approximateRow(logits, gaps, probabilities);
    const allowedBy = (each: Profile): number => budget(rowCosts(logits, row, each))(index, noInputs);
    const use = error / allowedBy(profile);
    if (isWrongSign(operation, got))
      return { use, fault: bucket('out-of-range', 'error', triggerNearZero(logits)) };
    if (use < 1 - OPEN) return { use, fault: got === 0 ? FLUSHED : null };

    const fieldUse = error / allowedBy(fieldProfile);
    if (use < 1 + OPEN || Math.abs(fieldUse - 1) < OPEN)
      return { use, fault: provenFault(operation, profile, batch, index, got) };
    const kind = kindOf(operation, got);
    return { use, fault: bucket(kind, fieldUse > 1 ? 'error' : 'warning', triggerNearZero(logits)) };
  };
}

/** What decimal.js says is wrong with an answer: a bucket, {@link FLUSHED}, or null. */
export function provenFault(
  operation: SweepOperation,
  profile: Profile,
  batch: Batch,
  index: number,
  got: number,
): string | null {
  const oracle = createOracle(batch);
  const miss = compare(oracle, operation, index, got, profile);
  if (miss !== null) return createBuckets(operation)(miss.kind, miss.severity, triggerNearZero(batch.logits));
  const { value, rounded } = oracle.entry(operation, index);
  return got === 0 && roundToFormat(value, rounded, profile.answer) !== 0 ? FLUSHED : null;
}

/** Names of buckets. The last one is kept: of a kernel that is wrong everywhere, billions in a row are the same. */
export function createBuckets(operation: SweepOperation) {
  let last: { kind: Kind; severity: Severity; trigger: Trigger; name: string } | undefined;
  return (kind: Kind, severity: Severity, trigger: Trigger): string => {
    if (last?.kind !== kind || last.severity !== severity || last.trigger !== trigger) {
      const rest = { index: null, row: null, errorUlp: 0, budgetUse: 0, detail: null };
      last = { kind, severity, trigger, name: bucketOf({ operation, kind, severity, trigger, ...rest }) };
    }
    return last.name;
  };
}
