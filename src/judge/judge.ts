/**
 * What is wrong with an answer. Double precision acquits what it can (screen.ts); decimal.js judges the rest
 * (compare.ts), so that every violation is proven exactly.
 */
import { type Batch, rowOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { mostParticular, type Trigger, triggerOf } from '../core/trigger.ts';
import { bucketOf, type Violation } from '../core/violation.ts';
import type { Oracle } from '../oracle/exact.ts';
import { distrust } from '../oracle/sentinels.ts';
import { compare } from './compare.ts';
import type { Profile } from './profile.ts';
import { unproven } from './screen.ts';

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
  const suspects =
    slowBecause === null
      ? unproven(operation, oracle.batch, oracle.approximate, output, profile)
      : output.keys();
  return violationsAmong(suspects, oracle, operation, output, profile);
}

/** The violations that decimal.js finds among all numbers of `output`: what {@link judge} must find too. */
export function judgeExactly(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  return violationsAmong(output.keys(), oracle, operation, output, profile);
}

function violationsAmong(
  indices: Iterable<number>,
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  const { batch } = oracle;
  const perRow = output.length / batch.rows;
  const buckets = new Map<string, Violation>();
  for (const index of indices) {
    const miss = compare(oracle, operation, index, output[index], profile);
    if (miss === null) continue;
    const row = operation === 'crossEntropy' ? null : Math.floor(index / perRow);
    const violation = { operation, ...miss, trigger: trigger(batch, row), index, row, detail: null };
    const bucket = bucketOf(violation);
    const known = buckets.get(bucket);
    if (known === undefined || miss.budgetUse > known.budgetUse) buckets.set(bucket, violation);
  }
  return [...buckets.values()];
}

function trigger(batch: Batch, row: number | null): Trigger {
  if (row !== null) return triggerOf(rowOf(batch, row));
  return mostParticular(Array.from({ length: batch.rows }, (_, r) => triggerOf(rowOf(batch, r))));
}
