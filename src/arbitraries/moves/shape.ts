/** Moves that make the batch smaller. */

import type { Batch } from '../../core/batch.ts';
import { scalarsOf } from '../../options/index.ts';
import { columnsRepeat, mapCells, withoutColumns, withoutRows } from './edit.ts';
import { attempt, attemptAll, type Move, made, removeBlocks, type Search, type Stage } from './search.ts';

/** Deletes blocks of rows. */
export function removeRows(stage: Stage): Move {
  return (batch) => removeBlocks(batch, stage, { lengthOf: ({ rows }) => rows, without: withoutRows });
}

/** Deletes blocks of columns. */
export function removeColumns(stage: Stage): Move {
  const columns = { lengthOf: ({ cols }: Batch) => cols, without: withoutColumns, repeats: columnsRepeat };
  return (batch) => removeBlocks(batch, stage, columns);
}

/** So many runs are halved. */
const MOST_RUNS = 8;

/**
 * Removes half of each run of equal columns, wherever the targets are: where every second length fails, or every third, no
 * single block does.
 */
export function* halveRuns(batch: Batch): Search {
  let best = batch;
  for (let start = 0, runs = 0; start < best.cols && runs < MOST_RUNS; ) {
    const values = { ...best, targets: new Int32Array() };
    let end = start + 1;
    while (end < best.cols && columnsRepeat(values, end, end + 1)) end++;
    const half = Math.floor((end - start) / 2);
    const halved = half > 1 ? yield* attempt(best, withoutColumns(best, end - half, end)) : best;
    if (half > 1) runs++;
    if (halved === best) start = end;
    best = halved;
  }
  return best;
}

/**
 * Makes one row of all, or two: of all but the last, and of all but the first. What fails because a batch has so many
 * logits, or a row so many before it, needs no more.
 */
export function joinRows(batch: Batch): Search {
  const { rows, cols } = batch;
  const starts = rows < 3 ? [] : [[0], [0, cols]];
  return attemptAll(
    batch,
    made(starts, (from) => rowsFrom(batch, from)),
  );
}

/** Rows of one length, as long as fits, that begin at `starts` among all the logits. */
function rowsFrom(batch: Batch, starts: readonly number[]): Batch {
  const cols = batch.logits.length - starts[starts.length - 1];
  const options = scalarsOf(batch);
  const rowsOf = (values: Float32Array): Float32Array => {
    const joined = new Float32Array(starts.length * cols);
    for (const [row, start] of starts.entries()) joined.set(values.subarray(start, start + cols), row * cols);
    return joined;
  };
  return {
    rows: starts.length,
    cols,
    logits: rowsOf(batch.logits),
    targets: new Int32Array(starts.length),
    upstream: batch.upstream && rowsOf(batch.upstream),
    ...(options && { options }),
  };
}

/**
 * Adds the exponentials of the last columns to those before them, so that each row keeps its logsumexp: a sum that
 * overflows only because it is long becomes a short one of larger terms.
 */
export function* foldColumns(batch: Batch): Search {
  let best = batch;
  for (let size = 2 ** Math.floor(Math.log2(batch.cols)); size >= 1; size /= 2) {
    while (size < best.cols) {
      const folded = yield* attempt(best, fold(best, Math.min(size, best.cols - size)));
      if (folded === best) break;
      best = folded;
    }
  }
  return best;
}

/** Up to so many columns, a shorter row of other values is looked for. */
const FEW_COLUMNS = 16;

/** Deletes the first columns or the last and doubles every value: fewer cells may need larger ones. */
export function* removeColumnsDoubling(batch: Batch): Search {
  let best = batch;
  if (batch.cols > FEW_COLUMNS) return best;
  for (let size = 2 ** Math.floor(Math.log2(batch.cols)); size >= 1; size /= 2) {
    for (const fromStart of [true, false]) {
      while (size < best.cols) {
        const start = fromStart ? 0 : best.cols - size;
        const kept = withoutColumns(best, start, start + size);
        const simpler = yield* attempt(
          best,
          mapCells(kept, (value) => 2 * value),
        );
        if (simpler === best) break;
        best = simpler;
      }
    }
  }
  return best;
}

/** Column j becomes ln(e^x_j + e^x_(cols-count+j)) for j < count; the last `count` columns go. */
function fold(batch: Batch, count: number): Batch {
  const kept = withoutColumns(batch, batch.cols - count, batch.cols);
  for (let row = 0; row < batch.rows; row++) {
    for (let col = 0; col < count; col++) {
      const first = batch.logits[row * batch.cols + col];
      const second = batch.logits[(row + 1) * batch.cols - count + col];
      kept.logits[row * kept.cols + col] = addExponentials(first, second);
    }
  }
  return kept;
}

/** ln(e^a + e^b) = m + ln(1 + e^-|a-b|) with m = max(a, b); NaN and the infinities go through m. */
function addExponentials(a: number, b: number): number {
  const larger = Math.max(a, b);
  return Number.isFinite(larger) ? larger + Math.log1p(Math.exp(-Math.abs(a - b))) : larger;
}
