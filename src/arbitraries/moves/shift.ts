/** Moves that add a constant to a row, which a correct softmax does not see. */
import { type Batch, rowOf } from '../../core/batch.ts';
import { withLogits } from './edit.ts';
import { attempt, type Search } from './search.ts';

/** Shifts all rows together, then each row, so that its maximum, its minimum or its first value becomes 0. */
export function* shiftRows(batch: Batch): Search {
  let best = batch;
  const ranges = [[0, batch.rows], ...Array.from({ length: batch.rows }, (_, row) => [row, row + 1])];
  for (const [start, end] of batch.rows === 1 ? ranges.slice(1) : ranges) {
    const values = best.logits.subarray(start * batch.cols, end * batch.cols).filter(Number.isFinite);
    if (values.length === 0) continue;
    const anchors = new Set([values.reduce(larger), values.reduce(smaller), values[0]]);
    for (const anchor of anchors) {
      const shifted = yield* attempt(best, shift(best, start, end, anchor));
      if (shifted === best) continue;
      best = shifted;
      break;
    }
  }
  return best;
}

function shift(batch: Batch, start: number, end: number, anchor: number): Batch {
  const logits = batch.logits.slice();
  for (let row = start; row < end; row++) {
    const values = rowOf({ ...batch, logits }, row);
    values.forEach((value, index) => {
      values[index] = value - anchor;
    });
  }
  return withLogits(batch, logits);
}

function larger(a: number, b: number): number {
  return Math.max(a, b);
}

function smaller(a: number, b: number): number {
  return Math.min(a, b);
}
