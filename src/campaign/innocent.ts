/**
 * Variants of a batch from which one possible trigger after another is taken away. Where a variant still fails
 * in the same way, the trigger was there by chance: a kernel that is wrong for 513 columns is wrong for 513
 * equal logits of 89 too, and that is not an overflow.
 */
import type { Batch } from '../core/batch.ts';
import { rowOf } from '../core/batch.ts';

/** exp(80) and exp(-80) are normal FP32 numbers, and so is the sum of 2,000 of the first. */
const HARMLESS = 80;

/** The variants, the most innocent first: only finite logits, with gaps below 80 and a maximum of 0, 80 or -80; then with the gaps kept; then with the masks kept too. */
export function innocentVariants(batch: Batch): Batch[] {
  const maxima = [0, HARMLESS, -HARMLESS];
  return [
    ...maxima.map((max) => mapRows(batch, (row) => shifted(clamped(unmasked(row)), max))),
    ...maxima.map((max) => mapRows(batch, (row) => shifted(unmasked(row), max))),
    ...maxima.map((max) => mapRows(batch, (row) => shifted(row, max))),
  ];
}

function mapRows(batch: Batch, change: (row: Float32Array) => Float32Array): Batch {
  const logits = new Float32Array(batch.logits.length);
  for (let row = 0; row < batch.rows; row++) logits.set(change(rowOf(batch, row)), row * batch.cols);
  return { ...batch, logits };
}

/** The row with its maximum moved to `max`, each logit rounded; a row without a finite maximum stays as it is. */
function shifted(row: Float32Array, max: number): Float32Array {
  const from = maximum(row);
  return Number.isFinite(from) ? row.map((x) => x - from + max) : row;
}

/** The row with 0 for every logit that is not finite. */
function unmasked(row: Float32Array): Float32Array {
  return row.map((x) => (Number.isFinite(x) ? x : 0));
}

/** The row with no logit more than 80 below its maximum. */
function clamped(row: Float32Array): Float32Array {
  const lowest = maximum(row) - HARMLESS;
  return row.map((x) => Math.max(x, lowest));
}

function maximum(row: Float32Array): number {
  return row.reduce((max, x) => Math.max(max, x), Number.NEGATIVE_INFINITY);
}
