/** Moves that set cells to 0. */
import type { Batch } from '../../core/batch.ts';
import { cellsWhere, mapCells, setCells } from './edit.ts';
import { extremesOf } from './extremes.ts';
import { attemptAll, type Move, made, removeBlocks, type Search, type Stage } from './search.ts';

/** Sets all cells to 0, or all but those that hold one extreme of the batch. */
export function keepOneValue(batch: Batch): Search {
  return attemptAll(
    batch,
    made(extremesOf(batch), (kept) => mapCells(batch, (value) => (Object.is(value, kept) ? value : 0))),
  );
}

/** Sets blocks of cells to 0, counted along the cells that are not 0. */
export function zeroBlocks(stage: Stage): Move {
  const nonZeros = (batch: Batch) => cellsWhere(batch, (value) => !Object.is(value, 0));
  return (batch) =>
    removeBlocks(batch, stage, {
      lengthOf: (current) => nonZeros(current).length,
      without: (current, start, end) => setCells(current, nonZeros(current).slice(start, end), 0),
    });
}
