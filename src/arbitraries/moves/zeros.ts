/** Moves that set cells to 0. */
import type { Batch } from '../../core/batch.ts';
import { cellsWhere, mapCells, setCells } from './edit.ts';
import { extremesOf } from './extremes.ts';
import { attemptAll, type Move, made, removeBlocks, type Search, type Stage } from './search.ts';

/** Batches of more cells are large. */
const LARGE = 2 ** 9;

/** So many equal blocks in a row that are not to be 0 stand for the next: where one cell alone matters, the others become 0. */
const PATIENCE = 4;

/** Sets all cells to 0, or all but those that hold one extreme of the batch. */
export function keepOneValue(batch: Batch): Search {
  return attemptAll(
    batch,
    made(extremesOf(batch), (kept) => mapCells(batch, (value) => (Object.is(value, kept) ? value : 0))),
  );
}

/**
 * Sets blocks of cells to 0, counted along the cells that are not 0. In a large batch, a few blocks of a run of equal
 * cells, and the last, stand for all: they would be as many candidates as there are cells.
 */
export function zeroBlocks(stage: Stage): Move {
  return (batch) => {
    const nonZeros = ofLast((current) => cellsWhere(current, (value) => !Object.is(value, 0)));
    return removeBlocks(batch, stage, {
      lengthOf: (current) => nonZeros(current).length,
      without: (current, start, end) => setCells(current, nonZeros(current).slice(start, end), 0),
      repeats: (current, start, end) =>
        current.logits.length > LARGE && isInsideRun(current, nonZeros(current), start, end),
      patience: PATIENCE,
    });
  };
}

/** Whether `cells` from a block before [start, end) to one behind it are neighbors that hold one value. */
function isInsideRun({ logits }: Batch, cells: Uint32Array, start: number, end: number): boolean {
  const first = start - (end - start);
  if (first < 0 || end >= cells.length || cells[end] - cells[first] !== end - first) return false;
  for (let k = first; k < end; k++) if (!Object.is(logits[cells[k]], logits[cells[k + 1]])) return false;
  return true;
}

/** `compute`, not called again for the batch that it was called for last. */
function ofLast<T>(compute: (batch: Batch) => T): (batch: Batch) => T {
  let last: { readonly batch: Batch; readonly value: T } | undefined;
  return (batch) => {
    if (last?.batch !== batch) last = { batch, value: compute(batch) };
    return last.value;
  };
}
