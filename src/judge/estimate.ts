/**
 * What decimal.js would say of a number that double precision does not acquit, as far as double precision can know.
 * A campaign counts failures in this way, because it meets the same ones over and over; decimal.js proves what it reports.
 *
 * With f the answer, y^ the operation's approximate value, e its proven error and T a budget: the exact error |f - y| is within
 * |f - y^| -+ e, and the exact budget within T (1 -+ 2^-30), as screen.ts derives. So
 *
 *     |f - y^| - e > T (1 + 2^-30)  and  > ulp(y) / 2      f is beyond the budget, and not y rounded to nearest
 *     |f - y^| + e <= T (1 - 2^-30)                        f is within the budget
 *
 * Two budgets are asked: the profile's, which f must exceed to be wrong, and the field's, which makes it a warning or an
 * error. Whatever is between the bounds is left to decimal.js. The rest of the verdict (NaN, infinities, zeros,
 * masked entries, special rows) depends on f, on the logits and on whether y rounds to 0 or infinity, which its bounds
 * tell as well. Where f is beyond T, e is below 2^-26 of |f - y^|, and so |f - y^| and its ratio to T are true to 2^-25.
 * In ULP it may be off by a factor of two beside a power of two, where y^ and y may be on either side.
 */
import type { Batch } from '../core/batch.ts';
import {
  answersBatch,
  type BatchOperation,
  numbersPerRow,
  type Operation,
  type RowOperation,
  usesUpstream,
} from '../core/operation.ts';
import { specialEntry } from '../operations/fixed.ts';
import { inputsOf, lossSpecOf, rowSpecOf, specOf, termsFor } from '../operations/index.ts';
import type { Inputs } from '../operations/operation.ts';
import type { ApproximateRow } from '../row/approximate-row.ts';
import type { Profile } from '../row/profile.ts';
import { fieldOf, largestOf } from '../row/profile-formats.ts';
import { isSpecial } from '../row/row.ts';
import { type RowUpstream, rowUpstream } from '../row/upstream.ts';
import { costsOf, costsOfRow, fixedAnswer } from './budget.ts';
import {
  entryOverflow,
  isWrongSign,
  kindOf,
  mayOverflow,
  type Overflow,
  overflowBy,
  sizeOfError,
} from './compare.ts';
import { compareInSpecialRow, compareSpecial } from './compare-special.ts';
import { distanceTo, withinFormat } from './distance.ts';
import { incomparable, type Miss } from './miss.ts';

/** What the comparison with a budget leaves open, as in screen.ts. */
const SLACK = 2 ** -30;

/** What sums of upstream values leave open: their error is below 2^-40 of their magnitude, which is below 2^20 of the limit. */
const SUM_SLACK = 2 ** -20;
const MOST_MAGNITUDE = 2 ** 20;

/** Double precision cannot tell. */
export const UNDECIDED = Symbol('undecided');

/** What is wrong with `got` as number `k` of an answer; null when it is right. */
export type Estimate = (k: number, got: number) => Miss | null | typeof UNDECIDED;

/** What a row allows to its entries. */
type Allowed = (i: number, inputs: Inputs) => number;

/** The estimate of each number of an answer of `operation`. `rows` are the batch's in double precision. */
export function createEstimate(
  operation: Operation,
  batch: Batch,
  rows: readonly ApproximateRow[],
  profile: Profile,
): Estimate {
  return answersBatch(operation)
    ? estimateMean(operation, batch, rows, profile)
    : estimateInRows(operation, batch, rows, profile);
}

function estimateInRows(
  operation: RowOperation,
  batch: Batch,
  rows: readonly ApproximateRow[],
  profile: Profile,
): Estimate {
  const spec = rowSpecOf(operation, batch);
  const { approximate, budget, unit, most, least } = spec;
  const { value, error } = approximate;
  const perRow = numbersPerRow(operation, batch.cols);
  const terms = termsFor(operation, batch);
  let budgets:
    | {
        readonly r: number;
        readonly own: Allowed;
        readonly field: Allowed;
        readonly upstream: RowUpstream | null;
      }
    | undefined;
  const budgetsAt = (r: number) => {
    if (budgets?.r !== r) {
      const [own, field] = [profile, fieldOf(profile)].map((each) =>
        budget(costsOfRow(batch, r, rows[r], each)),
      );
      const upstream = usesUpstream(operation) ? rowUpstream(batch, r, rows[r]) : null;
      budgets = { r, own, field, upstream };
    }
    return budgets;
  };
  return (k, got) => {
    const r = Math.floor(k / perRow);
    const i = k % perRow;
    const row = rows[r];
    if (isSpecial(row.kind)) {
      return compareInSpecialRow(batch, row, operation, k, got, specialEntry(spec, row, i, { r, terms }));
    }
    const { own, field, upstream } = budgetsAt(r);
    let overflow: Overflow = 'no';
    const inputs = inputsOf(operation, batch, r, upstream);
    if (spec.intermediates !== null && !Number.isFinite(got)) {
      const by = (slack: number): Overflow =>
        overflowBy(profile, (limit) => entryOverflow(spec, row, i, inputs, limit * slack));
      overflow = by(1 - SUM_SLACK);
      const least = largestOf(fieldOf(profile));
      if (overflow !== by(1 + SUM_SLACK) || !((upstream?.magnitude ?? 0) < MOST_MAGNITUDE * least))
        return UNDECIDED;
      if (overflow === 'row') return null;
      if (overflow === 'sum' && Number.isNaN(got)) return incomparable('nan', 'warning');
    }
    const fixed = fixedAnswer(operation, batch, row, k);
    if (fixed !== null) return compareSpecial(batch, (each) => rows[each], operation, k, got, fixed);
    const reference = value(row, i, inputs);
    return decide(operation, batch, got, profile, {
      reference,
      error: error(row, i, reference, inputs),
      most: most(row, i, inputs),
      least: least(row),
      own: own(i, inputs),
      field: field(i, inputs),
      unit: unit(reference, inputs),
      overflow,
    });
  };
}

function estimateMean(
  operation: BatchOperation,
  batch: Batch,
  rows: readonly ApproximateRow[],
  profile: Profile,
): Estimate {
  const spec = lossSpecOf(operation, batch);
  const { targets } = batch;
  const terms = termsFor(operation, batch);
  const costs = [profile, fieldOf(profile)].map((each) => costsOf(batch, rows, each));
  return (k, got) => {
    const { value: reference, error } = spec.approximate(rows, targets, k);
    const [overflow, other] = [1 - SLACK, 1 + SLACK].map((slack) =>
      overflowBy(profile, (limit) => mayOverflow(spec.intermediates(rows, targets, k), limit * slack)),
    );
    if (Number.isNaN(got) && terms !== null && overflow !== 'no') {
      if (overflow !== other) return UNDECIDED;
      return overflow === 'row' ? null : incomparable('nan', 'warning');
    }
    if (!Number.isFinite(reference)) {
      return compareSpecial(batch, (r) => rows[r], operation, k, got, reference);
    }
    const [own, field] = [profile, fieldOf(profile)].map((each, at) =>
      spec.budget(costs[at], targets, each, k),
    );
    if (got === Number.POSITIVE_INFINITY && overflow !== other) return UNDECIDED;
    const ofSign = got > 0 ? overflow : 'no';
    const unit = spec.unit(reference, { terms });
    return decide(operation, batch, got, profile, {
      reference,
      error,
      most: Number.POSITIVE_INFINITY,
      least: 0,
      own,
      field,
      unit,
      overflow: ofSign,
    });
  };
}

/** What double precision knows of a number that is to be finite. */
interface Knowledge {
  /** The exact value is within `error` of it. */
  readonly reference: number;
  readonly error: number;
  /** At least the magnitude of the exact value, whatever the error is. */
  readonly most: number;
  /** At most that magnitude, likewise. */
  readonly least: number;
  /** The errors that the target's profile and the field's allow. */
  readonly own: number;
  readonly field: number;
  /** The answer's natural unit. */
  readonly unit: number;
  readonly overflow: Overflow;
}

/** The steps of compare.ts, each only where the bounds decide it. */
function decide(
  operation: Operation,
  batch: Batch,
  got: number,
  profile: Profile,
  { reference, error, most, least, own, field, unit, overflow }: Knowledge,
): ReturnType<Estimate> {
  const magnitude = Math.abs(reference);
  const { answer, isRoundedLast } = profile;
  const isExpectedFinite = magnitude + error < answer.overflow;
  // Not beside the largest number, where rounding decides.
  const isSurelyFinite = isExpectedFinite || most < answer.maxFinite / 2;
  const isSurelyInfinite = [magnitude - error, least].some((each) => each * (1 - SLACK) >= answer.overflow);
  if (Number.isNaN(got)) {
    if (isSurelyInfinite) return incomparable('special-value', 'error');
    return isSurelyFinite ? incomparable('nan', 'error') : UNDECIDED;
  }
  if (!Number.isFinite(got) && !isExpectedFinite) return UNDECIDED;

  const distance = distanceTo(reference, got, profile);
  const ofAnswer = Math.abs(withinFormat(got, profile) - reference);
  const size = sizeOfError(got, { error: ofAnswer, budgetUse: distance / own }, reference, unit, answer);
  if (isWrongSign(operation, got)) return { kind: 'out-of-range', severity: 'error', ...size };
  const atLeast = distance * (1 - SLACK) - error;
  // The second also tells that y does not round to 0 where f is 0; outside of its cell, f is not y rounded.
  const ofRounding = isRoundedLast ? 0 : answer.ulp(magnitude + error) / 2;
  if (!(atLeast > own * (1 + SLACK) && atLeast > ofRounding)) return UNDECIDED;

  const kind = kindOf(operation, got, specOf(operation, batch));
  if (kind === 'infinite') {
    if (overflow === 'row') return null;
    if (overflow === 'sum') return { kind, severity: 'warning', ...size };
  }
  if (atLeast > field * (1 + SLACK)) return { kind, severity: 'error', ...size };
  const atMost = distance * (1 + SLACK) + error;
  return atMost <= field * (1 - SLACK) ? { kind, severity: 'warning', ...size } : UNDECIDED;
}
