/** Batches of one or two cells, made of the extremes of a batch: most counterexamples end as one of them. */
import type { Batch } from '../../core/batch.ts';
import { rowBatch } from './edit.ts';
import { attemptAll, type Search } from './search.ts';

/** One cell: 0, or an extreme of the batch. */
export function loneCell(batch: Batch): Search {
  return attemptAll(
    batch,
    extremesOf(batch).map((value) => rowBatch([value])),
  );
}

/** One row of two extremes, in either order. */
export function pairOfCells(batch: Batch): Search {
  const values = extremesOf(batch);
  return attemptAll(
    batch,
    values.flatMap((first) => values.map((second) => rowBatch([first, second]))),
  );
}

/** 0, the largest and the least finite value, and the special values that occur. */
export function extremesOf(batch: Batch): number[] {
  const finite = batch.logits.filter(Number.isFinite);
  const specials = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  const extremes = finite.length === 0 ? [] : [finite.reduce(max), finite.reduce(min)];
  return [...new Set([0, ...extremes, ...specials.filter((value) => batch.logits.includes(value))])];
}

function max(a: number, b: number): number {
  return Math.max(a, b);
}

function min(a: number, b: number): number {
  return Math.min(a, b);
}
