/** A batch to call a kernel with in between. */
import type { Batch } from '../core/batch.ts';

/** A batch of the shape and the targets of `batch`, with harmless logits from 0 to 3/4. */
export function otherBatch(batch: Batch): Batch {
  return { ...batch, logits: batch.logits.map((_, k) => (k % 7) / 8) };
}
