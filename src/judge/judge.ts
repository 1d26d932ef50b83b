/**
 * What is wrong with an answer. Double precision acquits what it can (screen.ts), and convicts the rest as far as its
 * proven errors let it (estimate.ts): enough to count failures. Of those, decimal.js proves the one of each bucket that
 * is reported (compare.ts).
 */
import { type Batch, rowOf } from '../core/batch.ts';
import { heavierFirst } from '../core/error-size.ts';
import { type Operation, rowAt } from '../core/operation.ts';
import { mostParticular, type Trigger, triggerOf } from '../core/trigger.ts';
import type { Violation } from '../core/violation.ts';
import type { Oracle } from '../oracle/exact.ts';
import { slowBecause } from '../oracle/sentinels.ts';
import type { Profile } from '../row/profile.ts';
import { compare, type Miss } from './compare.ts';
import { createEstimate, type Estimate, UNDECIDED } from './estimate.ts';
import { unproven } from './screen.ts';

/**
 * The violations in `output`, at most one for each bucket: the one of the largest weight, then of the largest error over its
 * budget, and the first of equals. Each is proven by decimal.js. Empty when the answer is right. `output` must have the operation's length.
 */
export function judge(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  const exactly = (k: number) => compare(oracle, operation, k, output[k], profile);
  const indices = suspects(oracle, operation, output, profile);
  const proven: Violation[] = [];
  for (const guess of guessAmong(indices, oracle, operation, output, profile)) {
    const miss = exactly(guess.index);
    if (miss?.kind !== guess.kind || miss.severity !== guess.severity)
      return violationsAmong(indices, oracle.batch, operation, exactly);
    proven.push({ ...guess, ...miss });
  }
  return proven;
}

/**
 * What {@link judge} finds, in the same buckets, without decimal.js but for the numbers that double precision cannot
 * decide. The sizes of the errors have six true digits.
 */
export function estimate(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  const indices = suspects(oracle, operation, output, profile);
  return guessAmong(indices, oracle, operation, output, profile).map((violation) => ({
    ...violation,
    absoluteError: sixDigits(violation.absoluteError),
    relativeError: sixDigits(violation.relativeError),
    errorUlp: sixDigits(violation.errorUlp),
    budgetUse: sixDigits(violation.budgetUse),
    weight: sixDigits(violation.weight),
  }));
}

/** The violations among the numbers at `indices`, as double precision has them; as decimal.js has them, where it may not say. */
function guessAmong(
  indices: readonly number[],
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Located[] {
  if (indices.length === 0) return [];
  const guess: Estimate =
    slowBecause === null
      ? createEstimate(operation, oracle.batch, oracle.approximate, profile)
      : () => UNDECIDED;
  return violationsAmong(indices, oracle.batch, operation, (k) => {
    const miss = guess(k, output[k]);
    return miss === UNDECIDED ? compare(oracle, operation, k, output[k], profile) : miss;
  });
}

function sixDigits(size: number): number {
  return Number.isFinite(size) ? Number(size.toPrecision(6)) : size;
}

/** The violations that decimal.js finds among all numbers of `output`: what {@link judge} must find too. */
export function judgeExactly(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  return violationsAmong([...output.keys()], oracle.batch, operation, (k) =>
    compare(oracle, operation, k, output[k], profile),
  );
}

/** The indices of the numbers that double precision does not acquit. */
function suspects(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): readonly number[] {
  if (slowBecause !== null) return [...output.keys()];
  return unproven(operation, oracle.batch, oracle.approximate, output, profile);
}

/** A violation that is somewhere. */
type Located = Violation & { readonly index: number };

function violationsAmong(
  indices: readonly number[],
  batch: Batch,
  operation: Operation,
  missAt: (index: number) => Miss | null,
): Located[] {
  const violations: Located[] = [];
  let last: { readonly row: number | null; readonly trigger: Trigger } | undefined;
  for (const index of indices) {
    const miss = missAt(index);
    if (miss === null) continue;
    const row = rowAt(operation, index, batch.cols);
    if (last?.row !== row)
      last = { row, trigger: row === null ? triggerOfAll(batch) : triggerOf(rowOf(batch, row)) };
    const { trigger } = last;
    const known = violations.findIndex(
      (each) => each.kind === miss.kind && each.severity === miss.severity && each.trigger === trigger,
    );
    if (known !== -1 && heavierFirst(miss, violations[known]) >= 0) continue;
    const violation = { operation, ...miss, trigger, index, row, detail: null };
    violations[known === -1 ? violations.length : known] = violation;
  }
  return violations;
}

function triggerOfAll(batch: Batch): Trigger {
  return mostParticular(Array.from({ length: batch.rows }, (_, r) => triggerOf(rowOf(batch, r))));
}
