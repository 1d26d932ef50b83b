/**
 * How accurate a right answer is, in double precision. With y^ the operation's approximate value and e its proven error, the error
 * of a number f is at most |f - y^| + e: what is given is never less than the truth, and more by e alone, below 2^-16 of the
 * budget.
 */
import { answersBatch, numbersPerRow, type Operation } from '../core/operation.ts';
import { lossSpecOf, rowSpecOf, termsFor } from '../operations/index.ts';
import type { Oracle } from '../oracle/exact.ts';
import type { Profile } from '../row/profile.ts';
import { isSpecial } from '../row/row.ts';
import type { RowCosts } from '../row/row-costs.ts';
import { costsAt, costsOf, fixedAnswers, inputsInRow } from './budget.ts';
import { distanceTo } from './distance.ts';
import { readingsOf } from './readings.ts';

/**
 * Takes the error of number `k`: in ULP, of the natural unit where that is more than the exact value and errors are not of the
 * value's own size, NaN below the normal range; and over the budget, 0 where it is rounded to nearest.
 */
export type OnNumber = (k: number, errorUlp: number, budgetUse: number) => void;

/**
 * Measures each number of `output`, a right answer of the operation's length. Special, masked and infinite numbers have no error, nor have those that double precision does not know.
 * With options a row is measured by the reading of them (src/options/readings.ts) of whose budget it uses least.
 */
export function measureNumbers(
  operation: Operation,
  oracle: Oracle,
  output: Float32Array,
  profile: Profile,
  onNumber: OnNumber,
): void {
  const perRow = answersBatch(operation) ? 1 : numbersPerRow(operation, oracle.batch.cols);
  const readings: Errors[] = [];
  for (const each of readingsOf(oracle, profile)) {
    const errors = errorsBy(operation, each, output, profile);
    readings.push(errors);
    if (isLeast(errors, perRow, operation, each)) break;
  }
  for (let from = 0; from < output.length; from += perRow) {
    const end = from + perRow;
    const errors = leastUsed(readings, from, end);
    if (errors === null) continue;
    const { ulps, uses } = errors;
    for (let k = from; k < end; k++) if (!Number.isNaN(uses[k])) onNumber(k, ulps[k], uses[k]);
  }
}

/** The errors of an answer's numbers by one reading: as {@link OnNumber} takes them, NaN and NaN of those that are not measured. */
interface Errors {
  readonly ulps: Float64Array;
  readonly uses: Float64Array;
}

/** What a right answer may seem to use of its budget, by the errors of double precision. */
const WHOLE = 1 + 2 ** -10;

/**
 * The reading by which numbers `from` to `end` use least of their budgets, the first of equals; null where they are beyond them by all: the one by which they are right is one of which
 * double precision knows no error.
 */
function leastUsed(readings: readonly Errors[], from: number, end: number): Errors | null {
  if (readings.length === 1) return readings[0];
  const most = readings.map(({ uses }) => mostOf(uses, from, end));
  const least = Math.min(...most);
  return least <= WHOLE ? readings[most.indexOf(least)] : null;
}

/** Whether no reading behind this one has less: each of its rows uses nothing, or has no errors by any. A loss may be of other rows than special ones. */
function isLeast(
  { uses }: Errors,
  perRow: number,
  operation: Operation,
  { approximate: rows }: Oracle,
): boolean {
  const hasNone = (r: number): boolean => !answersBatch(operation) && isSpecial(rows[r].kind);
  for (let r = 0; r * perRow < uses.length; r++)
    if (!(hasNone(r) || mostOf(uses, r * perRow, (r + 1) * perRow) === 0)) return false;
  return true;
}

/** The largest number; Infinity where there is none. */
function mostOf(uses: Float64Array, from: number, end: number): number {
  let most = -1;
  for (let k = from; k < end; k++) if (uses[k] > most) most = uses[k];
  return most < 0 ? Number.POSITIVE_INFINITY : most;
}

/** The error that number `k` is allowed. */
type Allowed = (k: number) => number;

function errorsBy(operation: Operation, oracle: Oracle, output: Float32Array, profile: Profile): Errors {
  const errors = {
    ulps: new Float64Array(output.length).fill(Number.NaN),
    uses: new Float64Array(output.length).fill(Number.NaN),
  };
  const { batch, approximate: rows } = oracle;
  const { ulp, minNormal } = profile.answer;
  /** The budget is asked only where the number is not the nearest. */
  const tell = (k: number, reference: number, error: number, unit: number, allowedAt: Allowed): void => {
    const got = output[k];
    if (!Number.isFinite(got) || !Number.isFinite(reference)) return;
    const most = Math.abs(got - reference) + error;
    if (Number.isNaN(most)) return;
    const ofUlp = ulp(reference);
    const isNearest = most <= ofUlp / 2;
    const scale = Math.max(Math.abs(reference), unit);
    const distance = distanceTo(reference, got, profile) + error;
    errors.ulps[k] = scale < minNormal ? Number.NaN : most / ulp(scale);
    errors.uses[k] = isNearest ? 0 : distance / allowedAt(k);
  };
  if (answersBatch(operation)) {
    const { approximate, budget, unit } = lossSpecOf(operation, batch);
    const { targets } = batch;
    const allowedAt: Allowed = (k) => budget(costsOf(batch, rows, profile), targets, profile, k);
    for (const k of output.keys()) {
      const { value, error } = approximate(rows, targets, k);
      const ofUnit = unit(value, { terms: termsFor(operation, batch) });
      tell(k, value, error, ofUnit, allowedAt);
    }
    return errors;
  }
  const { approximate, budget, isRelative, unit } = rowSpecOf(operation, batch);
  const { value, error } = approximate;
  const perRow = output.length / rows.length;
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r];
    if (isSpecial(row.kind)) continue;
    const inputs = inputsInRow(operation, batch, r, row); // In double precision: decimal.js takes fifteen times as long.
    let allowed: ReturnType<typeof budget> | undefined;
    const allowedAt: Allowed = (k) => {
      allowed ??= budget(costsAt(batch, rows, r, profile) as RowCosts);
      return allowed(k - r * perRow, inputs);
    };
    const fixedAt = fixedAnswers(operation, batch, row, r);
    for (let i = 0; i < perRow; i++) {
      const k = r * perRow + i;
      if (fixedAt(i) !== null) continue;
      const reference = value(row, i, inputs);
      const least = isRelative(i, inputs.target) ? 0 : unit(reference, inputs);
      tell(k, reference, error(row, i, reference, inputs), least, allowedAt);
    }
  }
  return errors;
}
