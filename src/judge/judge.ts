/**
 * What is wrong with an answer. Double precision acquits what it can (screen.ts); decimal.js judges the rest
 * (compare.ts), so that every violation is proven exactly. To count violations, double precision judges the rest too
 * (surmise.ts), as far as its proven errors let it.
 */
import { type Batch, rowOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { mostParticular, type Trigger, triggerOf } from '../core/trigger.ts';
import type { Violation } from '../core/violation.ts';
import type { Oracle } from '../oracle/exact.ts';
import { distrust } from '../oracle/sentinels.ts';
import { compare, type Miss } from './compare.ts';
import type { Profile } from './profile.ts';
import { unproven } from './screen.ts';
import { createSurmise, UNDECIDED } from './surmise.ts';

/** Why double precision may not acquit in this runtime, so that decimal.js judges every number; null where it may. */
export const slowBecause: string | null = distrust();

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
  return violationsAmong(suspects(oracle, operation, output, profile), oracle.batch, operation, output, (k) =>
    compare(oracle, operation, k, output[k], profile),
  );
}

/**
 * What {@link judge} finds, in the same buckets, without decimal.js but for the numbers that double precision cannot
 * decide. The sizes of the errors have six true digits.
 */
export function surmise(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  const indices = suspects(oracle, operation, output, profile);
  if (slowBecause !== null) return judge(oracle, operation, output, profile);
  if (indices.length === 0) return [];
  const guess = createSurmise(operation, oracle.batch, oracle.approximate, profile);
  const violations = violationsAmong(indices, oracle.batch, operation, output, (k) => {
    const miss = guess(k, output[k]);
    return miss === UNDECIDED ? compare(oracle, operation, k, output[k], profile) : miss;
  });
  return violations.map((violation) => ({
    ...violation,
    errorUlp: sixDigits(violation.errorUlp),
    budgetUse: sixDigits(violation.budgetUse),
  }));
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
  return violationsAmong([...output.keys()], oracle.batch, operation, output, (k) =>
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

function violationsAmong(
  indices: readonly number[],
  batch: Batch,
  operation: Operation,
  output: Float32Array,
  missAt: (index: number) => Miss | null,
): Violation[] {
  const perRow = output.length / batch.rows;
  const violations: Violation[] = [];
  let triggerRow = -1;
  let trigger: Trigger | undefined;
  for (const index of indices) {
    const miss = missAt(index);
    if (miss === null) continue;
    const row = operation === 'crossEntropy' ? null : Math.floor(index / perRow);
    if (trigger === undefined || (row !== null && row !== triggerRow)) {
      trigger = row === null ? triggerOfAll(batch) : triggerOf(rowOf(batch, row));
      triggerRow = row ?? -1;
    }
    const known = violations.findIndex(
      (each) => each.kind === miss.kind && each.severity === miss.severity && each.trigger === trigger,
    );
    if (known !== -1 && !(miss.budgetUse > violations[known].budgetUse)) continue;
    const violation = { operation, ...miss, trigger, index, row, detail: null };
    violations[known === -1 ? violations.length : known] = violation;
  }
  return violations;
}

function triggerOfAll(batch: Batch): Trigger {
  return mostParticular(Array.from({ length: batch.rows }, (_, r) => triggerOf(rowOf(batch, r))));
}
