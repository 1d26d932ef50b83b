/** Moves that only change the order of cells and rows, toward simpler values first. */
import { type Batch, rowOf } from '../../core/batch.ts';
import { compareValues } from '../value-order.ts';
import { withLogits } from './edit.ts';
import { attempt, type Search } from './search.ts';

/** Sorts each row; then swaps cells, far apart first, to bring the simpler to the left. Targets follow their cells. */
export function* arrangeCells(batch: Batch): Search {
  let best = batch;
  for (let row = 0; row < batch.rows; row++) {
    best = yield* attempt(best, sortRow(best, row));
    for (let distance = 2 ** Math.floor(Math.log2(batch.cols)); distance >= 1; distance /= 2) {
      for (let col = batch.cols - 1 - distance; col >= 0; col--) {
        const values = rowOf(best, row);
        if (compareValues(values[col], values[col + distance]) <= 0) continue;
        best = yield* attempt(best, swapCells(best, row, col, col + distance));
      }
    }
  }
  return best;
}

/** Swaps rows to bring the simpler to the top. */
export function* arrangeRows(batch: Batch): Search {
  let best = batch;
  for (let first = 0; first < batch.rows; first++) {
    for (let second = first + 1; second < batch.rows; second++) {
      if (compareRows(best, first, second) > 0) best = yield* attempt(best, swapRows(best, first, second));
    }
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

function sortRow(batch: Batch, row: number): Batch {
  const order = Array.from(rowOf(batch, row).keys());
  const values = rowOf(batch, row);
  order.sort((a, b) => compareValues(values[a], values[b]));
  return permuteRow(batch, row, order);
}

function swapCells(batch: Batch, row: number, first: number, second: number): Batch {
  const order = Array.from({ length: batch.cols }, (_, col) => col);
  order[first] = second;
  order[second] = first;
  return permuteRow(batch, row, order);
}

/** Column `col` of the row takes the value of column `order[col]`. */
function permuteRow(batch: Batch, row: number, order: readonly number[]): Batch {
  const values = rowOf(batch, row);
  const logits = batch.logits.slice();
  logits.set(
    order.map((col) => values[col]),
    row * batch.cols,
  );
  const targets = batch.targets.slice();
  targets[row] = order.indexOf(batch.targets[row]);
  return { ...batch, logits, targets };
}

function swapRows(batch: Batch, first: number, second: number): Batch {
  const logits = batch.logits.slice();
  logits.set(rowOf(batch, second), first * batch.cols);
  logits.set(rowOf(batch, first), second * batch.cols);
  const targets = batch.targets.slice();
  targets[first] = batch.targets[second];
  targets[second] = batch.targets[first];
  return withLogits({ ...batch, targets }, logits);
}
