/** Whether a kernel answers one and the same multiple of what is exact: a factor that is forgotten, or one too many. */
import type { Batch } from '../../core/batch.ts';
import type { Answer } from '../../core/kept.ts';
import { resized } from '../../shrink/sizes.ts';

/** Larger batches are not asked. */
const MOST_LOGITS = 4096;

/** A factor as near to 1 is an error of another kind. */
const LEAST_OFF = 2 ** -10;

/**
 * The number by which the exact answers to the batch, and to two others of its size, are multiplied, each to within `alike` of itself; null where there is none, where it is
 * 0 or 1, or where the exact answers are too few to tell.
 */
export async function factorOf(
  batch: Batch,
  alike: number,
  answers: (batch: Batch) => Promise<{ readonly got: Float32Array; readonly exact: Answer } | null>,
): Promise<number | null> {
  if (batch.logits.length > MOST_LOGITS) return null;
  let factor: number | undefined;
  const sizes = new Set<number>();
  for (const each of [batch, ramp(batch, 3), ramp(batch, 7)]) {
    const compared = await answers(each);
    if (compared === null || !(compared.exact instanceof Float32Array)) return null;
    const { got, exact } = compared;
    const largest = exact.reduce((at, x, k) => (Math.abs(x) > Math.abs(exact[at]) ? k : at), 0);
    factor ??= got[largest] / exact[largest];
    if (!(Math.abs(factor - 1) > LEAST_OFF && Math.abs(factor) > 0 && Number.isFinite(factor))) return null;
    for (const [k, x] of exact.entries()) {
      if (!(Math.abs(got[k] - factor * x) <= alike * Math.abs(got[k]))) return null;
      if (x !== 0) sizes.add(Math.abs(x));
    }
  }
  return factor !== undefined && sizes.size > 1 ? factor : null;
}

/** A batch of the same shape, or of three columns where it has one, with logits and upstream values of some size, in no order. */
function ramp(batch: Batch, step: number): Batch {
  const like = (batch.cols > 1 ? null : resized(batch, batch.rows, 3)) ?? batch;
  const along = (values: Float32Array, from: number): Float32Array =>
    values.map((_, k) => (((k + from) * step) % 8) / 4);
  return { ...like, logits: along(like.logits, 1), upstream: like.upstream && along(like.upstream, 2) };
}
