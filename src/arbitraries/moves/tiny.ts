/** Moves to batches of a few cells: most counterexamples end as one of them, whatever they began as. */

import type { Batch } from '../../core/batch.ts';
import { scalarsOf } from '../../options/index.ts';
import { rowBatch } from './edit.ts';
import { extremesOf, smallIntegers, specialsOf } from './extremes.ts';
import { attemptAll, type Search } from './search.ts';

/** One cell: 0, or an extreme of the batch. */
export function loneCell(batch: Batch): Search {
  return attemptRows(
    batch,
    extremesOf(batch).map((value) => [value]),
  );
}

/** One row of two extremes, in either order. */
export function pairOfCells(batch: Batch): Search {
  const values = extremesOf(batch);
  return attemptRows(
    batch,
    values.flatMap((first) => values.map((second) => [first, second])),
  );
}

/**
 * 0 and one of {@link smallIntegers}, followed by the special values of the batch; nothing for a batch of one or two
 * larger integers: what fails at a threshold ends as one.
 */
export function smallInteger(batch: Batch): Search {
  const plain =
    batch.rows === 1 && batch.cols <= 2 && batch.logits.every(isPlain) && batch.logits.some(isLarge);
  return attemptRows(
    batch,
    plain ? [] : smallIntegers.map((integer) => [0, integer, ...specialsOf(batch.logits)]),
  );
}

const largest = Math.max(...smallIntegers);

function isLarge(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) > largest;
}

function isPlain(value: number): boolean {
  return Number.isInteger(value) || !Number.isFinite(value);
}

function attemptRows(batch: Batch, rows: readonly (readonly number[])[]): Search {
  return attemptAll(
    batch,
    rows.flatMap((row) =>
      upstreamsFor(batch, row.length).map((upstream) => rowBatch(row, upstream, scalarsOf(batch))),
    ),
  );
}

/** The plainest upstream values for a row, if the batch has any: 1 for one logit, and 1 for all. */
function upstreamsFor({ upstream }: Batch, cols: number): (readonly number[] | null)[] {
  if (upstream === null) return [null];
  const columns = Array.from({ length: cols }, (_, col) => col);
  const units = columns.map((one) => columns.map((col) => Number(col === one)));
  return cols === 1 ? units : [...units.reverse(), columns.map(() => 1)];
}
