/**
 * One number against the exact value: the authority behind every verdict.
 *
 * A number is right when it is the exact value rounded to nearest, or within the budget of the target's profile.
 * Beyond that it is a warning, and beyond the budget of {@link fieldProfile} too an error. An infinite answer to a
 * finite question counts as 2^128, the value that the next binade would have. Errors are exact differences, rounded
 * to doubles (2^-53 relative) as the budgets are.
 */
import type { Batch } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import type { Kind, Severity } from '../core/violation.ts';
import { MAX_FINITE } from '../float32/constants.ts';
import { ulp } from '../float32/ulp.ts';
import { type Decimal, decimalOf, Wide } from '../oracle/decimal.ts';
import type { Oracle } from '../oracle/exact.ts';
import type { RowAnalysis, RowKind } from '../oracle/row.ts';
import { isSpecial, isTolerated } from '../oracle/special-values.ts';
import { budgetOf, isMaskedEntry } from './budget.ts';
import { fieldProfile, type Profile } from './profile.ts';

const TWO_TO_128 = new Wide(2).pow(128);

/** What is wrong with one number. */
export interface Miss {
  readonly kind: Kind;
  readonly severity: Severity;
  /** In ULP of the exact value; NaN where the answer or the exact value is not a number. */
  readonly errorUlp: number;
  /** The error over the profile's budget; Infinity where none is allowed. */
  readonly budgetUse: number;
}

/** What is wrong with `got` as number `k` of the answer, or null when it is right. */
export function compare(
  oracle: Oracle,
  operation: Operation,
  k: number,
  got: number,
  profile: Profile,
): Miss | null {
  const { value, rounded: expected } = oracle.entry(operation, k);
  if (!value.isFinite() || isMaskedEntry(operation, oracle.batch, k)) {
    return compareSpecial(oracle.batch, (r) => oracle.row(r).kind, operation, k, got, expected);
  }
  if (Number.isNaN(got)) return incomparable(Number.isFinite(expected) ? 'nan' : 'special-value', 'error');
  if (got === expected && !(operation === 'softmax' && got < 0)) return null;
  const error = Wide.sub(value, finite(got)).abs().toNumber();
  const allowed = budgetOf(operation, k, oracle, profile);
  const size = { errorUlp: error / ulp(value.toNumber()), budgetUse: error / allowed };
  if (operation === 'softmax' && got < 0) return { kind: 'out-of-range', severity: 'error', ...size };
  if (error <= allowed) return null;

  const kind = kindOf(operation, got, expected);
  const overflow =
    kind === 'infinite' && operation === 'crossEntropy' && got > 0
      ? mayOverflow(oracle.rows, oracle.batch.targets, MAX_FINITE)
      : 'no';
  if (overflow === 'row') return null;
  const explained = overflow === 'sum' || error <= budgetOf(operation, k, oracle, fieldProfile);
  return { kind, severity: explained ? 'warning' : 'error', ...size };
}

/** What is wrong with `got` where NaN, an infinity or exactly 0 is expected. `kindAt` gives the kind of a row. */
export function compareSpecial(
  { rows, cols }: Batch,
  kindAt: (r: number) => RowKind,
  operation: Operation,
  k: number,
  got: number,
  expected: number,
): Miss | null {
  if (got === expected || (Number.isNaN(got) && Number.isNaN(expected))) return null;
  if (Number.isFinite(expected) && !Number.isFinite(got)) {
    return incomparable(Number.isNaN(got) ? 'nan' : 'infinite', 'error');
  }
  const perRow = operation === 'logSumExp' ? 1 : cols;
  const concerned =
    operation === 'crossEntropy' ? Array.from({ length: rows }, (_, r) => r) : [Math.floor(k / perRow)];
  const special = concerned.map(kindAt).filter(isSpecial);
  const tolerated = special.length > 0 && special.every((kind) => isTolerated(kind, operation, got, cols));
  return incomparable('special-value', tolerated ? 'warning' : 'error');
}

/** Wrong in a way that has no size. */
export function incomparable(kind: Kind, severity: Severity): Miss {
  return { kind, severity, errorUlp: Number.NaN, budgetUse: Number.POSITIVE_INFINITY };
}

/**
 * Whether a mean loss that is itself finite may be infinite: `row` when a row's loss, which the definition names
 * on the way, is beyond `limit`, the end of FP32; `sum` when only the sum of the losses is, as every mean that adds
 * before it divides has it; `no` otherwise.
 */
export function mayOverflow(
  rows: readonly RowAnalysis[],
  targets: Int32Array,
  limit: number,
): 'row' | 'sum' | 'no' {
  const losses = rows.map((row, r) => row.gaps[targets[r]] + row.logSum);
  if (losses.some((loss) => loss > limit)) return 'row';
  return losses.reduce((sum, loss) => sum + loss, 0) > limit ? 'sum' : 'no';
}

/** The kind of an answer that is a number beyond its budget. */
export function kindOf(operation: Operation, got: number, expected: number): Kind {
  if (!Number.isFinite(got)) return 'infinite';
  if (got === 0 && expected !== 0) return 'zeroed';
  return isInRange(operation, got) ? 'inaccurate' : 'out-of-range';
}

/** Whether a finite answer is one that exact arithmetic can give for some input. */
function isInRange(operation: Operation, got: number): boolean {
  switch (operation) {
    case 'softmax':
      return got >= 0 && got <= 1;
    case 'logSoftmax':
      return got <= 0;
    case 'logSumExp':
      return true;
    case 'crossEntropy':
      return got >= 0;
    case 'crossEntropyGrad':
      return Math.abs(got) <= 1;
  }
}

function finite(got: number): Decimal {
  return Number.isFinite(got) ? decimalOf(got) : TWO_TO_128.times(Math.sign(got));
}
