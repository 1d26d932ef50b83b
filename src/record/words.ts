/** The parts of files that hold batches and floats: schemas, and the way there and back. */
import * as v from 'valibot';
import { type Batch, createBatch } from '../core/batch.ts';
import { fromHexWords, toHexWords } from '../float32/bits.ts';

/** One FP32 value: 8 hex digits. */
export const wordSchema = v.pipe(
  v.string(),
  v.regex(
    /^[0-9a-fA-F]{8}$/,
    ({ input }) => `'${input}' is not an FP32 word: expected 8 hex digits, like 42b20000`,
  ),
  v.description('One FP32 value as the 8 hex digits of its IEEE 754 word.'),
);

/** A batch: its shape, its logits row after row, a target class for each row, and upstream values, if any. */
export const batchSchema = v.object({
  rows: v.pipe(v.number(), v.integer(), v.minValue(1)),
  cols: v.pipe(v.number(), v.integer(), v.minValue(1)),
  logits: v.array(wordSchema),
  targets: v.optional(v.array(v.pipe(v.number(), v.integer()))),
  upstream: v.optional(
    v.pipe(
      v.nullable(v.array(wordSchema)),
      v.description('The upstream gradient that a vector-Jacobian product is given, row after row.'),
    ),
  ),
});

/** A batch as it stands in a file. */
export type BatchWords = v.InferOutput<typeof batchSchema>;

/** The file's form of a batch. */
export function toBatchWords({ rows, cols, logits, targets, upstream }: Batch): Required<BatchWords> {
  return {
    rows,
    cols,
    logits: toHexWords(logits),
    targets: [...targets],
    upstream: upstream && toHexWords(upstream),
  };
}

/**
 * The batch of a file's form; without targets, every row's is class 0.
 * @throws UserError when a length does not fit, a target is out of range or an upstream value is not finite.
 */
export function fromBatchWords({ rows, cols, logits, targets, upstream }: BatchWords): Batch {
  return createBatch(rows, cols, fromHexWords(logits), targets, upstream && fromHexWords(upstream));
}
