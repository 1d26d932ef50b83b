/** The answers of a sweep as series, one for each order of the logits and each place in the answer. */

import type { Batch } from '../core/batch.ts';
import { numbersPerRow } from '../core/operation.ts';
import { type Formats, formats as grids } from '../formats/index.ts';
import { toHexIn } from '../formats/words.ts';
import type { SweepOperation, SweepPlan } from './plan.ts';
import { valueAt } from './positions.ts';

/** One place in the answers for one of the two rows, over all x. */
export interface Series {
  /** Whether the row is [x, 0]; otherwise it is [0, x]. */
  readonly xFirst: boolean;
  /** Index into the answer for one row. */
  readonly index: number;
  /** Which logit the number belongs to; a logSumExp counts as x's. */
  readonly entry: 'x' | 'zero';
}

/** The series of an operation, in the order in which reports name them. */
export function seriesOf(operation: SweepOperation): readonly Series[] {
  const orders = [true, false];
  if (numbersPerRow(operation, 2) === 1) return orders.map((xFirst) => ({ xFirst, index: 0, entry: 'x' }));
  return orders.flatMap((xFirst) =>
    [0, 1].map((index): Series => ({ xFirst, index, entry: xFirst === (index === 0) ? 'x' : 'zero' })),
  );
}

/** The row of a series at a position, as a batch. */
export function batchAt(
  { formats }: Pick<SweepPlan, 'formats'>,
  { xFirst }: Pick<Series, 'xFirst'>,
  position: number,
): Batch {
  const x = xAt({ formats }, position);
  const logits = xFirst ? Float32Array.of(x, 0) : Float32Array.of(0, x);
  return { rows: 1, cols: 2, logits, targets: new Int32Array(1), upstream: null, ...formatOf(formats) };
}

/** The logit x at a position. */
export function xAt({ formats }: Pick<SweepPlan, 'formats'>, position: number): number {
  return valueAt(position, grids[formats.logits]);
}

/** The word of x at a position, in hexadecimal. */
export function wordAt(plan: Pick<SweepPlan, 'formats'>, position: number): string {
  return toHexIn(xAt(plan, position), grids[plan.formats.logits]);
}

/** The format of a batch of such logits. */
function formatOf({ logits }: Formats): Pick<Batch, 'format'> {
  return logits === 'fp32' ? {} : { format: logits };
}
