/** Moves that only change the order of cells and rows, toward simpler values first. */

import { type Batch, rowOf, rowOfValues } from '../../core/batch.ts';
import { compareValues } from '../value-order.ts';
import { optionsKept } from './edit.ts';
import { attempt, attemptAll, type Search } from './search.ts';

/** Sorts each row. Targets and upstream values follow their cells; or else the targets stay. */
export function* sortCells(batch: Batch): Search {
  let best = batch;
  for (let row = 0; row < batch.rows; row++) {
    if (isSorted(rowOf(best, row))) continue;
    const sorted = sortRow(best, row);
    best = yield* attemptAll(best, [sorted, { ...sorted, targets: best.targets }]);
  }
  return best;
}

/** Longer rows are sorted as a whole, or left as they are. */
const LONGEST = 2 ** 12;

/** Swaps two cells of a row to bring the simpler to the left, far apart first. Targets and upstream values follow. */
export function* swapCells(batch: Batch): Search {
  let best = batch;
  if (batch.cols > LONGEST) return best;
  for (let row = 0; row < batch.rows; row++) {
    for (let distance = 2 ** Math.floor(Math.log2(batch.cols)); distance >= 1; distance /= 2) {
      for (let col = batch.cols - 1 - distance; col >= 0; col--) {
        const values = rowOf(best, row);
        if (compareValues(values[col], values[col + distance]) <= 0) continue;
        best = yield* attempt(best, swapInRow(best, row, col, col + distance));
      }
    }
  }
  return best;
}

/** Rows and columns up to so many are swapped for what options have of them, too. */
const FEW = 8;

/** Swaps rows to bring the simpler to the top. */
export function* swapRows(batch: Batch): Search {
  let best = batch;
  for (let first = 0; first < batch.rows; first++) {
    for (let second = first + 1; second < batch.rows; second++) {
      if (batch.rows <= FEW || compareRows(best, first, second) > 0)
        best = yield* attempt(best, swapTwoRows(best, first, second));
    }
  }
  return best;
}

/** Swaps few columns of all rows, with what options and upstream values have of them: of a mask or of weights one arrangement is the simplest. Targets follow, or else stay. */
export function* swapColumns(batch: Batch): Search {
  let best = batch;
  if (batch.cols > FEW) return best;
  for (let first = 0; first < batch.cols; first++)
    for (let second = first + 1; second < batch.cols; second++) {
      const permuted = permuteColumns(best, swapped(batch.cols, first, second));
      best = yield* attemptAll(best, [permuted, { ...permuted, targets: best.targets }]);
    }
  return best;
}

/** By the first values that differ, then by the targets. */
function compareRows(batch: Batch, first: number, second: number): number {
  const values = rowOf(batch, first);
  const others = rowOf(batch, second);
  const at = values.findIndex((value, col) => !Object.is(value, others[col]));
  return at === -1 ? batch.targets[first] - batch.targets[second] : compareValues(values[at], others[at]);
}

function isSorted(values: Float32Array): boolean {
  for (let col = 1; col < values.length; col++) {
    const [before, value] = [values[col - 1], values[col]];
    if (!Object.is(before, value) && compareValues(before, value) > 0) return false;
  }
  return true;
}

function sortRow(batch: Batch, row: number): Batch {
  const order = Array.from(rowOf(batch, row).keys());
  const values = rowOf(batch, row);
  order.sort((a, b) => compareValues(values[a], values[b]));
  return permuteRow(batch, row, order);
}

function swapInRow(batch: Batch, row: number, first: number, second: number): Batch {
  return permuteRow(batch, row, swapped(batch.cols, first, second));
}

/** 0 to `length` - 1, two of them swapped. */
function swapped(length: number, first: number, second: number): number[] {
  return Array.from({ length }, (_, k) => (k === first ? second : k === second ? first : k));
}

/** Column `col` of all rows takes what column `order[col]` has. */
function permuteColumns(batch: Batch, order: readonly number[]): Batch {
  const { options: _, ...plain } = batch;
  const rows = Array.from({ length: batch.rows }, (_, row) => row);
  const permuted = rows.reduce<Batch>((left, row) => permuteRow(left, row, order), plain);
  return { ...permuted, ...optionsKept(batch, rows, order) };
}

/** Column `col` of the row takes the value of column `order[col]`. */
function permuteRow(batch: Batch, row: number, order: readonly number[]): Batch {
  const permute = (values: Float32Array): Float32Array => {
    const permuted = values.slice();
    const from = row * batch.cols;
    for (const [col, source] of order.entries()) permuted[from + col] = values[from + source];
    return permuted;
  };
  const targets = batch.targets.slice();
  const moved = order.indexOf(batch.targets[row]);
  if (moved !== -1) targets[row] = moved;
  return {
    ...batch,
    logits: permute(batch.logits),
    targets,
    upstream: batch.upstream && permute(batch.upstream),
    ...(batch.rows === 1 && optionsKept(batch, [0], order)),
  };
}

function swapTwoRows(batch: Batch, first: number, second: number): Batch {
  const swap = (values: Float32Array): Float32Array => {
    const swapped = values.slice();
    swapped.set(rowOfValues(values, batch, second), first * batch.cols);
    swapped.set(rowOfValues(values, batch, first), second * batch.cols);
    return swapped;
  };
  const targets = batch.targets.slice();
  targets[first] = batch.targets[second];
  targets[second] = batch.targets[first];
  const rows = swapped(batch.rows, first, second);
  return {
    ...batch,
    logits: swap(batch.logits),
    targets,
    upstream: batch.upstream && swap(batch.upstream),
    ...optionsKept(
      batch,
      rows,
      Array.from({ length: batch.cols }, (_, col) => col),
    ),
  };
}
