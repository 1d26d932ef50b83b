/** The batch with which the article on stable softmax and cross-entropy shows the naive kernel failing. */
import { type Batch, batchOf } from '../core/batch.ts';

/** Ordinary logits, a row whose exp overflows, and ordinary logits again. */
export const articleBatch: Batch = batchOf(
  [
    [2, 1, 0.1],
    [1000, 1, -1000],
    [3, 2, 1],
  ],
  [0, 2, 1],
);
