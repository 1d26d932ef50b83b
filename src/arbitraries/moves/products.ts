/** A move that makes a logit simpler and its upstream value larger: what depends on their product stays as it is. */
import type { Batch } from '../../core/batch.ts';
import { distinctValues, replaceValue } from './edit.ts';
import { attemptAll, made, type Search } from './search.ts';

/** Batches of more distinct logits, or of more, are left alone. */
const MOST_VALUES = 8;
const MOST_LOGITS = 64;

const magnitudes = [1, 2, 4, 8, 16, 32, 64, 128];

/**
 * Replaces a logit by an integer of its sign, and multiplies the upstream values by what it has become smaller, and by the next power of two. A
 * multiple that is not finite is not tried. A batch without upstream values stays.
 */
export function balanceProducts(batch: Batch): Search {
  const { upstream, logits } = batch;
  const values = logits.length > MOST_LOGITS ? [] : distinctValues(batch).filter(Number.isFinite);
  if (upstream === null || values.length > MOST_VALUES) return attemptAll(batch, []);
  const changes = values.flatMap((from) =>
    magnitudes.flatMap((magnitude) => {
      const to = Math.sign(from) * magnitude;
      const factor = from / to;
      const power = 2 ** Math.ceil(Math.log2(factor));
      return [...new Set([factor, power])].map((by) => ({ from, to, upstream: upstream.map((g) => by * g) }));
    }),
  );
  const finite = changes.filter((each) => each.upstream.every(Number.isFinite));
  return attemptAll(
    batch,
    made(finite, ({ from, to, upstream: balanced }) => ({
      ...replaceValue(batch, from, to),
      upstream: balanced,
    })),
  );
}
