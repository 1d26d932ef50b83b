/** Moves that set cells to 0. */
import type { Batch } from '../../core/batch.ts';
import { mapCells } from './edit.ts';
import { attemptAll, type Move, removeBlocks, type Search, type Stage } from './search.ts';
import { extremesOf } from './tiny.ts';

/** Sets all cells to 0, or all but those that hold one extreme of the batch. */
export function keepOneValue(batch: Batch): Search {
  return attemptAll(
    batch,
    extremesOf(batch).map((kept) => mapCells(batch, (value) => (Object.is(value, kept) ? value : 0))),
  );
}

/** Sets blocks of cells to 0, counted along the cells that are not 0. */
export function zeroBlocks(stage: Stage): Move {
  return (batch) => removeBlocks(batch, stage, (current) => nonZeroCells(current).length, withoutNonZeros);
}

function withoutNonZeros(batch: Batch, start: number, end: number): Batch {
  const zeroed = new Set(nonZeroCells(batch).slice(start, end));
  return mapCells(batch, (value, index) => (zeroed.has(index) ? 0 : value));
}

function nonZeroCells(batch: Batch): number[] {
  const cells: number[] = [];
  batch.logits.forEach((value, index) => {
    if (!Object.is(value, 0)) cells.push(index);
  });
  return cells;
}
