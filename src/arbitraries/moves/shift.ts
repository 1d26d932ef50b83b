/** Moves that add a constant to a row: a correct softmax does not see it, and a gap stays a gap. */
import { type Batch, rowOf } from '../../core/batch.ts';
import { withLogits } from './edit.ts';
import { fractions } from './notation.ts';
import { attempt, lowerInteger, type Search } from './search.ts';

const integers = fractions(0);

/** Shifts all rows together, then each row alone: until one of its values is 0, or else an integer, as low as it goes. */
export function* shiftRows(batch: Batch): Search {
  let best = batch.rows === 1 ? batch : yield* shiftRange(batch, 0, batch.rows);
  for (let row = 0; row < batch.rows; row++) best = yield* shiftRange(best, row, row + 1);
  return best;
}

function* shiftRange(batch: Batch, start: number, end: number): Search {
  const values = batch.logits.subarray(start * batch.cols, end * batch.cols).filter(Number.isFinite);
  if (values.length === 0) return batch;
  const anchors = [values.reduce(larger), values.reduce(smaller), values[0]];
  const shifted = (from: number, to: number) => shift(batch, start, end, from, to);
  for (const anchor of new Set(anchors)) {
    const zeroed = yield* attempt(batch, shifted(anchor, 0));
    if (zeroed !== batch) return zeroed;
  }
  const anchor = values.reduce(nearerZero);
  for (const rounded of integers.around(anchor)) {
    const simpler = yield* attempt(batch, shifted(anchor, rounded));
    if (simpler === batch && rounded !== anchor) continue;
    return yield* lowerInteger(simpler, 0, integers.numberOf(rounded), (_, number) =>
      shifted(anchor, integers.valueOf(number, rounded)),
    );
  }
  return batch;
}

/** Adds `to - from` to the rows [start, end), rounded once. */
function shift(batch: Batch, start: number, end: number, from: number, to: number): Batch {
  const logits = batch.logits.slice();
  for (let row = start; row < end; row++) {
    logits.set(
      rowOf(batch, row).map((value) => value - (from - to)),
      row * batch.cols,
    );
  }
  return withLogits(batch, logits);
}

function larger(a: number, b: number): number {
  return Math.max(a, b);
}

function smaller(a: number, b: number): number {
  return Math.min(a, b);
}

function nearerZero(a: number, b: number): number {
  return Math.abs(b) < Math.abs(a) ? b : a;
}
