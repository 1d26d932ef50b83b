import type { ErrorSize } from '../core/error-size.ts';
import { answersBatch, type Operation, rowAt } from '../core/operation.ts';
import type { Kind } from '../core/violation.ts';
import type { Format } from '../formats/format.ts';
import { lossSpecOf, rowSpecOf, rowSpecs, specOf, specs, termsFor } from '../operations/index.ts';
import type { Inputs, Intermediates, RowSpec } from '../operations/operation.ts';
import type { Oracle } from '../oracle/exact.ts';
import type { Profile } from '../row/profile.ts';
import { fieldOf, largestOf } from '../row/profile-formats.ts';
import { roundToFormat } from '../row/round.ts';
import { isSpecial, type RowAnalysis } from '../row/row.ts';
import { budgetOf, fixedAnswer, inputsAt } from './budget.ts';
import { compareInSpecialRow, compareSpecial } from './compare-special.ts';
import { errorOf, exactDistanceTo } from './distance.ts';
import { incomparable, type Miss } from './miss.ts';

/** What is wrong with `got` as number `k` of the answer, or null when it is right. */
export function compare(
  oracle: Oracle,
  operation: Operation,
  k: number,
  got: number,
  profile: Profile,
): Miss | null {
  const { value, rounded } = oracle.entry(operation, k);
  const expected = roundToFormat(value, rounded, profile.answer);
  const overflow =
    Number.isFinite(got) || value.isNaN()
      ? 'no'
      : overflowBy(profile, (limit) => overflowAt(oracle, operation, k, got, limit));
  if (overflow === 'row') return null;
  if (overflow === 'sum' && Number.isNaN(got)) return incomparable('nan', 'warning');
  const { batch } = oracle;
  const r = rowAt(operation, k, batch);
  const row = r === null ? null : oracle.row(r);
  const isFixed = row !== null && fixedAnswer(operation, batch, row, k) !== null;
  const rowOf = (each: number): RowAnalysis => oracle.row(each);
  if (row !== null && isSpecial(row.kind))
    return compareInSpecialRow(batch, row, operation, k, got, expected);
  if (!value.isFinite() || isFixed) return compareSpecial(batch, rowOf, operation, k, got, expected);
  if (Number.isNaN(got)) return incomparable(Number.isFinite(expected) ? 'nan' : 'special-value', 'error');
  if (got === expected) return null;
  const distance = exactDistanceTo(value, got, profile);
  const allowed = budgetOf(operation, k, oracle, profile);
  const exact = value.toNumber();
  const size = sizeOfError(
    got,
    { error: errorOf(value, got, profile), budgetUse: distance / allowed },
    exact,
    specOf(operation, batch).unit(exact, inputsAt(operation, k, oracle)),
    profile.answer,
  );
  if (isWrongSign(operation, got)) return { kind: 'out-of-range', severity: 'error', ...size };
  if (distance <= allowed) return null;

  const kind = kindOf(operation, got, specOf(operation, batch));
  const explained = overflow === 'sum' || distance <= budgetOf(operation, k, oracle, fieldOf(profile));
  return { kind, severity: explained ? 'warning' : 'error', ...size };
}

/**
 * The sizes of the error of `got`, beside the exact value, the answer's natural unit and its format. An infinite answer has a size
 * in ULP and in budgets alone.
 */
export function sizeOfError(
  got: number,
  { error, budgetUse }: { readonly error: number; readonly budgetUse: number },
  exact: number,
  unit: number,
  { minSubnormal, ulp }: Format,
): ErrorSize {
  const hasSize = Number.isFinite(got);
  const magnitude = Math.abs(exact);
  return {
    absoluteError: hasSize ? error : Number.NaN,
    relativeError: hasSize && magnitude > minSubnormal / 2 ? error / magnitude : Number.NaN,
    errorUlp: error / ulp(exact),
    budgetUse,
    weight: hasSize ? error / unit : Number.POSITIVE_INFINITY,
  };
}

/**
 * Whether arithmetic may overflow on the way to an answer that is itself finite: `row` when it must, at a number that the
 * definition names; `sum` when only a sum in some order of adding does, as every kernel that adds has it; `no` otherwise.
 */
export type Overflow = 'row' | 'sum' | 'no';

/**
 * What `at` says of the largest number of the profile's arithmetic; and where it says nothing of that, but of the largest number of the storage in which the field
 * keeps intermediates, `sum`: a kernel that stores them has overflowed.
 */
export function overflowBy(profile: Profile, at: (limit: number) => Overflow): Overflow {
  const [own, field] = [largestOf(profile), largestOf(fieldOf(profile))];
  const overflow = at(own);
  return overflow === 'no' && field < own && at(field) !== 'no' ? 'sum' : overflow;
}

/** What may have overflowed where an answer is `got`, no finite number, and the exact value is not NaN. */
function overflowAt(oracle: Oracle, operation: Operation, k: number, got: number, limit: number): Overflow {
  const { batch } = oracle;
  if (answersBatch(operation)) {
    const { intermediates } = lossSpecOf(operation, batch);
    // NaN is 0 times what has overflowed.
    const isPossible = got > 0 || (Number.isNaN(got) && termsFor(operation, batch) !== null);
    return isPossible ? mayOverflow(intermediates(oracle.rows, batch.targets, k), limit) : 'no';
  }
  const spec = rowSpecOf(operation, batch);
  if (spec.intermediates === null) return 'no';
  const row = oracle.row(Math.floor(k / batch.cols));
  return entryOverflow(spec, row, k % batch.cols, inputsAt(operation, k, oracle), limit);
}

/**
 * Whether FP32 may overflow on the way to entry `i` of a gradient, NaN included, which 0 times infinity is:
 * `row` when what its definition names is beyond `limit`, the largest number of the arithmetic, as g_i - sum_j g_j p_j or the sum of the g_j is; `sum` when
 * what is computed in some order is, as a difference of two g_j, or all but 2^-8 of it, for what roundings add.
 */
export function entryOverflow(
  { intermediates }: RowSpec,
  row: RowAnalysis,
  i: number,
  inputs: Inputs,
  limit: number,
): Overflow {
  if (intermediates === null) return 'no';
  const { named, most } = intermediates(row, i, inputs);
  if (Math.abs(named) > limit) return 'row';
  return most > limit * (1 - 2 ** -8) ? 'sum' : 'no';
}

/** Whether `got` is below 0 where no answer may be, however small it is. */
export function isWrongSign(operation: Operation, got: number): boolean {
  return got < 0 && !answersBatch(operation) && rowSpecs[operation].isNeverNegative;
}

/** As {@link Overflow}, for a loss: a row's loss is the number that the definition names. */
export function mayOverflow({ named, most }: Intermediates, limit: number): Overflow {
  if (named > limit) return 'row';
  return most > limit ? 'sum' : 'no';
}

/** The kind of an answer that is a number beyond its budget, and not the exact value rounded. */
export function kindOf(
  operation: Operation,
  got: number,
  { isInRange }: Pick<RowSpec, 'isInRange'> = specs[operation],
): Kind {
  if (!Number.isFinite(got)) return 'infinite';
  if (got === 0) return 'zeroed';
  return isInRange(got) ? 'inaccurate' : 'out-of-range';
}
