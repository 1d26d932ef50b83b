/**
 * What is kept of batches and answers beside a finding's own input. Of the usual ones everything; of those that are larger,
 * which only campaigns of a fixed large shape have, what says where they were, because a finding would hold them five times.
 */
import type { Batch } from './batch.ts';

/** Batches and answers of more numbers are not kept whole. */
export const MOST_KEPT = 2 ** 16;

/** A batch, or the shape of one that was too large to be kept. */
export type Sketch = Batch | Pick<Batch, 'rows' | 'cols'>;

/** One number of an answer that was too long to be kept. */
export interface Excerpt {
  /** How many numbers the answer has. */
  readonly length: number;
  readonly index: number;
  readonly value: number;
}

/** An answer, or of one that was too long the number where the error shows. */
export type Answer = Float32Array | Excerpt;

/** What is kept of `batch`. */
export function sketchOf(batch: Batch): Sketch {
  return batch.logits.length > MOST_KEPT ? { rows: batch.rows, cols: batch.cols } : batch;
}

/**
 * The batch as a finding holds it: of a large one a copy whose memory is written only where a logit is not 0, as most are
 * when it has been shrunk. Pages that are never written take no room. That holds of memory that may be resized: V8 maps it
 * anew, and takes all other from malloc, which clears what it had before.
 */
export function batchKept(batch: Batch): Batch {
  const { logits, rows, cols } = batch;
  if (logits.length <= MOST_KEPT) return batch;
  const { byteLength } = logits;
  const kept = new Float32Array(new ArrayBuffer(byteLength, { maxByteLength: byteLength }), 0, rows * cols);
  for (let k = 0; k < kept.length; k++) if (!Object.is(logits[k], 0)) kept[k] = logits[k];
  return { ...batch, logits: kept };
}

/** Whether the sketch is the batch itself. */
export function isWhole(sketch: Sketch): sketch is Batch {
  return 'logits' in sketch;
}

/** What is kept of an answer whose error shows at `index`; at 0 where it shows nowhere. */
export function answerKept(answer: Float32Array, index: number | null): Answer {
  const { length } = answer;
  return length > MOST_KEPT ? { length, index: index ?? 0, value: answer[index ?? 0] } : answer;
}

/** Whether all numbers of the answer were kept. */
export function isAnswer(answer: Answer): answer is Float32Array {
  return answer instanceof Float32Array;
}
