/**
 * A total order of batches from simple to complex: what a shrinker minimises. Compared left to right, the first
 * difference decides:
 *
 * 1. Fewer rows: most faults live in one row, and a second says that rows depend on each other.
 * 2. Fewer columns: a short row can be checked by hand, and a length that stays is itself the finding (513).
 * 3. Fewer cells that are not +0: a zero says "this cell only has to be there".
 * 4. Fewer distinct values: equal cells are one thing to understand; a tie is as simple as a single value.
 * 5. Simpler values ({@link compareValues}): the most complex value that the two hold in different numbers decides,
 *    and fewer of it is simpler. This is the multiset order: it depends on no arrangement, and replacing one value
 *    by any number of simpler ones always gains.
 * 6. Simpler values first: [0, 89] before [89, 0], so that the interesting cell comes last. Where the position of
 *    a cell does not matter, one arrangement stands for all.
 * 7. Smaller targets, row after row, 0 first: half of the operations read none.
 *
 * Shape comes before values because shrinking it makes every later evaluation cheaper, and counts come before values
 * so that no value is polished which can be dropped. Below a batch there are finitely many (shapes no larger, each
 * with finitely many FP32 contents), so every strictly decreasing chain ends.
 */

import type { Batch } from '../core/batch.ts';
import { fromBits, toBits } from '../float32/bits.ts';
import { compareValues } from './value-order.ts';

/**
 * Negative when `a` is simpler than `b`, positive when it is less simple, 0 when shape, values (all NaNs are one) and
 * targets are the same.
 */
export function compareSimplicity(a: Batch, b: Batch): number {
  return (
    a.rows - b.rows ||
    a.cols - b.cols ||
    countNonZero(a.logits) - countNonZero(b.logits) ||
    countDistinct(a.logits) - countDistinct(b.logits) ||
    compareMultisets(a.logits, b.logits) ||
    compareArrangements(a.logits, b.logits) ||
    compareTargets(a.targets, b.targets)
  );
}

function countNonZero(values: Float32Array): number {
  let count = 0;
  for (const value of values) if (!Object.is(value, 0)) count++;
  return count;
}

function countDistinct(values: Float32Array): number {
  return new Set(Array.from(values, toBits)).size;
}

/** Multisets of one size: only values at positions that differ can be held in different numbers. */
function compareMultisets(a: Float32Array, b: Float32Array): number {
  const surplus = new Map<number, number>();
  const add = (value: number, count: number) => {
    const bits = toBits(value);
    surplus.set(bits, (surplus.get(bits) ?? 0) + count);
  };
  for (let index = 0; index < a.length; index++) {
    if (Object.is(a[index], b[index])) continue;
    add(a[index], 1);
    add(b[index], -1);
  }
  let worst = 0;
  let order = 0;
  for (const [bits, count] of surplus) {
    const value = fromBits(bits);
    if (count === 0 || !(order === 0 || compareValues(value, worst) > 0)) continue;
    worst = value;
    order = count;
  }
  return order;
}

function compareArrangements(a: Float32Array, b: Float32Array): number {
  const at = a.findIndex((value, index) => !Object.is(value, b[index]));
  return at === -1 ? 0 : compareValues(a[at], b[at]);
}

function compareTargets(a: Int32Array, b: Int32Array): number {
  const at = a.findIndex((target, row) => target !== b[row]);
  return at === -1 ? 0 : a[at] - b[at];
}
