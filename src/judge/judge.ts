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
import { isTolerated } from '../oracle/special-values.ts';
import { budgetOf } from './budget.ts';
import { fieldProfile, type Profile } from './profile.ts';

const TWO_TO_128 = new Wide(2).pow(128);

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
  const exact = oracle.answer(operation);
  const wrong = indicesWhere(output, (got, k) => !(got === exact.rounded[k] && isInRange(operation, got)));
  if (wrong.length === 0) return [];

  const { batch, rows } = oracle;
  const perRow = output.length / batch.rows;
  const budgets = lazy(() => budgetOf(operation, batch, rows, profile));
  const limits = lazy(() => budgetOf(operation, batch, rows, fieldProfile));
  const buckets = new Map<string, Violation>();
  for (const k of wrong) {
    const row = operation === 'crossEntropy' ? null : Math.floor(k / perRow);
    const miss = compare(output[k], k, row);
    if (miss === null) continue;
    const violation = { operation, ...miss, trigger: trigger(batch, row), index: k, row, detail: null };
    const known = buckets.get(bucketOf(violation));
    if (known === undefined || miss.budgetUse > known.budgetUse) buckets.set(bucketOf(violation), violation);
  }
  return [...buckets.values()];

  function compare(got: number, k: number, row: number | null): Miss | null {
    const value = exact.values[k];
    const expected = exact.rounded[k];
    if (!value.isFinite() || (masks(operation) && isMasked(k, row))) return special(got, expected, row);
    if (Number.isNaN(got)) {
      const kind = Number.isFinite(expected) ? 'nan' : 'special-value';
      return { kind, severity: 'error', errorUlp: Number.NaN, budgetUse: Number.POSITIVE_INFINITY };
    }
    if (got === expected && !Number.isFinite(got)) return null;
    const error = Wide.sub(value, finite(got)).abs().toNumber();
    const errorUlp = error / ulp(value.toNumber());
    const allowed = budgets()[k];
    const budgetUse = error === 0 ? 0 : error / allowed;
    const kind = kindOf(operation, got, expected);
    if (got < 0 && operation === 'softmax')
      return { kind: 'out-of-range', severity: 'error', errorUlp, budgetUse };
    if (error <= allowed) return null;
    if (got === Number.POSITIVE_INFINITY && operation === 'crossEntropy' && mayOverflow(oracle) === 'row')
      return null;
    const explained =
      error <= limits()[k] || (kind === 'infinite' && mayOverflow(oracle) === 'sum' && got > 0);
    return { kind, severity: explained ? 'warning' : 'error', errorUlp, budgetUse };
  }

  /** NaN, an infinity or exactly 0 is expected. */
  function special(got: number, expected: number, row: number | null): Miss | null {
    if (got === expected || (Number.isNaN(got) && Number.isNaN(expected))) return null;
    const kinds = row === null ? rows.map((each) => each.kind) : [rows[row].kind];
    const tolerated = kinds.some((kind) => isTolerated(kind, operation, got, batch.cols));
    const notFinite = Number.isNaN(got) ? 'nan' : 'infinite';
    return {
      kind: Number.isFinite(expected) && !Number.isFinite(got) ? notFinite : 'special-value',
      severity: tolerated ? 'warning' : 'error',
      errorUlp: Number.NaN,
      budgetUse: Number.POSITIVE_INFINITY,
    };
  }

  function isMasked(k: number, row: number | null): boolean {
    if (batch.logits[k] !== Number.NEGATIVE_INFINITY) return false;
    return operation !== 'crossEntropyGrad' || row === null || k % batch.cols !== batch.targets[row];
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

/** The operations of which a masked logit's own entry is exactly 0 or -Infinity. */
function masks(operation: Operation): boolean {
  return operation !== 'logSumExp' && operation !== 'crossEntropy';
}

function finite(got: number): Decimal {
  return Number.isFinite(got) ? decimalOf(got) : TWO_TO_128.times(Math.sign(got));
}

function trigger(batch: Batch, row: number | null): Trigger {
  if (row !== null) return triggerOf(rowOf(batch, row));
  return mostParticular(Array.from({ length: batch.rows }, (_, r) => triggerOf(rowOf(batch, r))));
}

function indicesWhere(values: Float32Array, test: (value: number, k: number) => boolean): number[] {
  const indices: number[] = [];
  for (let k = 0; k < values.length; k++) if (test(values[k], k)) indices.push(k);
  return indices;
}

function lazy<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}
