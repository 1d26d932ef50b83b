/** Batches to call a kernel with in between. */
import type { Batch } from '../core/batch.ts';
import { gridOf, toGrid } from '../core/grid.ts';

/** A batch of the shape and the targets of `batch`, with harmless logits from 0 to 3/4. */
export function otherBatch(batch: Batch): Batch {
  return { ...batch, logits: batch.logits.map((_, k) => (k % 7) / 8) };
}

/** A batch that differs from another in one logit. */
export interface Neighbor {
  readonly batch: Batch;
  readonly cell: number;
}

/** The batch but for one logit, the one before the last, which becomes the largest; null where none can, or there is no other. */
export function neighborOf(batch: Batch): Neighbor | null {
  const cell = batch.logits.length - 2;
  const largest = batch.logits.reduce((max, x) => (x > max && Number.isFinite(x) ? x : max), 0);
  const logit = toGrid(largest + Math.max(2, largest / 64), gridOf(batch));
  if (cell < 0 || !(logit > largest) || !Number.isFinite(logit)) return null;
  return { batch: { ...batch, logits: batch.logits.with(cell, logit) }, cell };
}
