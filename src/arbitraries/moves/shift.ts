/** Moves that add a constant to a row: a correct softmax does not see it, and a gap stays a gap. */
import { type Batch, rowOf } from '../../core/batch.ts';
import { finiteExtremes } from './extremes.ts';
import { fractions } from './notation.ts';
import { attempt, lowerInteger, type Search } from './search.ts';

const integers = fractions(0);

/** Shifts all rows together, then each row alone: until one of its values is 0, or else an integer, as low as it goes. */
export function* shiftRows(batch: Batch): Search {
  let best = batch.rows === 1 ? batch : yield* shiftRange(batch, 0, batch.rows);
  for (let row = 0; row < batch.rows; row++) best = yield* shiftRange(best, row, row + 1);
  return best;
}

/** Shifts the cells of each row that are not 0 until the nearest of them is: their gaps stay, and one cell fewer counts. */
export function* shiftNonZeros(batch: Batch): Search {
  let best = batch;
  for (let row = 0; row < batch.rows; row++) {
    const values = rowOf(best, row).filter((value) => value !== 0);
    const nearest = nearestToZero(values);
    if (values.length > 1 && Number.isFinite(nearest))
      best = yield* attempt(best, shiftRow(best, row, nearest));
  }
  return best;
}

/** The row with `nearest` less in each cell that is not 0. */
function shiftRow(batch: Batch, row: number, nearest: number): Batch {
  const logits = batch.logits.slice();
  for (let cell = row * batch.cols; cell < (row + 1) * batch.cols; cell++)
    if (logits[cell] !== 0) logits[cell] -= nearest;
  return { ...batch, logits };
}

function* shiftRange(batch: Batch, start: number, end: number): Search {
  const values = batch.logits.subarray(start * batch.cols, end * batch.cols);
  const extremes = finiteExtremes(values);
  if (extremes.length === 0) return batch;
  const shifted = (from: number, to: number) => shift(batch, start, end, from, to);
  for (const anchor of new Set([...extremes, firstFinite(values)])) {
    if (anchor === 0) continue;
    const zeroed = yield* attempt(batch, shifted(anchor, 0));
    if (zeroed !== batch) return zeroed;
  }
  if (extremes[0] === extremes[1]) return batch; // Replacing the value does the same.
  const anchor = nearestToZero(values);
  const [up, down] = integers.around(anchor);
  let best = yield* attempt(batch, shifted(anchor, up));
  if (best === batch) best = yield* attempt(batch, shifted(anchor, down));
  return yield* lowerInteger(best, integers.numberOf(up), (_, number) =>
    shifted(anchor, integers.valueAt(number, anchor)),
  );
}

function firstFinite(values: Float32Array): number {
  let k = 0;
  while (!Number.isFinite(values[k])) k++;
  return values[k];
}

/** The finite value of least magnitude, the first of two. */
function nearestToZero(values: Float32Array): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < values.length; k++) if (Math.abs(values[k]) < Math.abs(nearest)) nearest = values[k];
  return nearest;
}

/** Adds `to - from` to the rows [start, end), in double precision, rounded to FP32. */
function shift(batch: Batch, start: number, end: number, from: number, to: number): Batch {
  const logits = batch.logits.slice();
  for (let cell = start * batch.cols; cell < end * batch.cols; cell++) logits[cell] -= from - to;
  return { ...batch, logits };
}
