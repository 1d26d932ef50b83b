/**
 * Compares one answer with the oracle's and says what is wrong with it.
 *
 * A number is right when it is the exact value rounded to nearest, or within the budget of the target's
 * profile. Beyond that it is a warning, and beyond the budget of {@link fieldProfile} too an error. An infinite
 * answer to a finite question counts as 2^128, the value that the next binade would have. Errors are exact
 * differences, rounded to doubles (2^-53 relative) as the budgets are.
 */
import type { Batch } from '../core/batch.ts';
import { rowOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { mostParticular, type Trigger, triggerOf } from '../core/trigger.ts';
import { bucketOf, type Kind, type Severity, type Violation } from '../core/violation.ts';
import { MAX_FINITE } from '../float32/constants.ts';
import { ulp } from '../float32/ulp.ts';
import { type Decimal, decimalOf, Wide } from '../oracle/decimal.ts';
import type { Oracle } from '../oracle/exact.ts';
import { distrust } from '../oracle/sentinels.ts';
import { isSpecial, isTolerated } from '../oracle/special-values.ts';
import { budgetOf, isMaskedEntry } from './budget.ts';
import { fieldProfile, type Profile } from './profile.ts';
import { unproven } from './screen.ts';

const TWO_TO_128 = new Wide(2).pow(128);

/** Whether double precision may acquit; without it decimal.js judges every number. */
const trusted = distrust() === null;

/** How far one number is from the exact value, and how bad that is. */
interface Miss {
  readonly kind: Kind;
  readonly severity: Severity;
  readonly errorUlp: number;
  readonly budgetUse: number;
}

/**
 * The violations in `output`, at most one for each bucket: the one with the largest error over its budget, and
 * the first of equals. Empty when the answer is right. `output` must have the operation's length.
 */
export function judge(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  const suspects = trusted
    ? unproven(operation, oracle.batch, oracle.approximate, output, profile)
    : [...output.keys()];
  const perRow = output.length / oracle.batch.rows;
  const buckets = new Map<string, Violation>();
  for (const k of suspects) {
    const row = operation === 'crossEntropy' ? null : Math.floor(k / perRow);
    const miss = compare(output[k], k, row);
    if (miss === null) continue;
    const violation = {
      operation,
      ...miss,
      trigger: trigger(oracle.batch, row),
      index: k,
      row,
      detail: null,
    };
    const known = buckets.get(bucketOf(violation));
    if (known === undefined || miss.budgetUse > known.budgetUse) buckets.set(bucketOf(violation), violation);
  }
  return [...buckets.values()];

  function compare(got: number, k: number, row: number | null): Miss | null {
    const { value, rounded: expected } = oracle.entry(operation, k);
    if (!value.isFinite() || isMaskedEntry(operation, oracle.batch, k))
      return compareSpecial(got, expected, row);
    if (Number.isNaN(got)) {
      const kind = Number.isFinite(expected) ? 'nan' : 'special-value';
      return { kind, severity: 'error', errorUlp: Number.NaN, budgetUse: Number.POSITIVE_INFINITY };
    }
    if (got === expected && !Number.isFinite(got)) return null;
    const error = Wide.sub(value, finite(got)).abs().toNumber();
    const errorUlp = error / ulp(value.toNumber());
    const allowed = budgetOf(operation, k, oracle, profile);
    const budgetUse = error === 0 ? 0 : error / allowed;
    const kind = kindOf(operation, got, expected);
    if (got < 0 && operation === 'softmax')
      return { kind: 'out-of-range', severity: 'error', errorUlp, budgetUse };
    if (got === expected || error <= allowed) return null;
    if (got === Number.POSITIVE_INFINITY && operation === 'crossEntropy' && mayOverflow(oracle) === 'row')
      return null;
    const explained =
      error <= budgetOf(operation, k, oracle, fieldProfile) ||
      (kind === 'infinite' && mayOverflow(oracle) === 'sum' && got > 0);
    return { kind, severity: explained ? 'warning' : 'error', errorUlp, budgetUse };
  }

  /** NaN, an infinity or exactly 0 is expected. */
  function compareSpecial(got: number, expected: number, row: number | null): Miss | null {
    if (got === expected || (Number.isNaN(got) && Number.isNaN(expected))) return null;
    const special = (row === null ? oracle.rows : [oracle.row(row)]).filter(({ kind }) => isSpecial(kind));
    const tolerated =
      special.length > 0 && special.every(({ kind }) => isTolerated(kind, operation, got, oracle.batch.cols));
    const notFinite = Number.isNaN(got) ? 'nan' : 'infinite';
    return {
      kind: Number.isFinite(expected) && !Number.isFinite(got) ? notFinite : 'special-value',
      severity: tolerated ? 'warning' : 'error',
      errorUlp: Number.NaN,
      budgetUse: Number.POSITIVE_INFINITY,
    };
  }
}

/**
 * Whether a mean loss that is itself finite may be infinite: `row` when a row's loss, which the definition names
 * on the way, is beyond FP32; `sum` when only the sum of the losses is, as every mean that adds before it
 * divides has it; `no` otherwise.
 */
function mayOverflow({ batch, rows }: Oracle): 'row' | 'sum' | 'no' {
  const losses = rows.map((row, r) => row.gaps[batch.targets[r]] + row.logSum);
  if (losses.some((loss) => loss > MAX_FINITE)) return 'row';
  return losses.reduce((sum, loss) => sum + loss, 0) > MAX_FINITE ? 'sum' : 'no';
}

function kindOf(operation: Operation, got: number, expected: number): Kind {
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

function trigger(batch: Batch, row: number | null): Trigger {
  if (row !== null) return triggerOf(rowOf(batch, row));
  return mostParticular(Array.from({ length: batch.rows }, (_, r) => triggerOf(rowOf(batch, r))));
}
