/** Laws beyond the oracle: what a kernel has to answer otherwise, once its answer to a batch is right. */

/** Every such law, in the order in which a campaign takes turns with them. */
export const laws = [
  'repeatable',
  'fresh-answer',
  'view',
  'nan-isolation',
  'order',
  'batch-invariant',
  'layout',
] as const;

/**
 * One of {@link laws}:
 *
 * - `repeatable`: the same call again gives the same bits, and one of another logit not these.
 * - `fresh-answer`: a few other calls leave the answer as it is: its memory is the caller's.
 * - `view`: arguments that are parts of larger buffers are answered as well, and nothing beside them is written.
 * - `nan-isolation`: NaN for one row leaves the other rows right.
 * - `order`: in a softmax row, the larger logit has no smaller probability.
 * - `batch-invariant`: a row alone gives the same bits as in its batch. Only of targets that declare it.
 * - `layout`: logits along another axis, or in rows with gaps, are answered as well. Only of targets that declare it.
 */
export type Law = (typeof laws)[number];

/** So many further calls have to leave an answer as it is: a kernel may take several buffers in turn. */
export const FURTHER_CALLS = 4;

/** Whether `property`, of a finding, is a law beyond the oracle. */
export function isLaw(property: string): property is Law {
  return (laws as readonly string[]).includes(property);
}
