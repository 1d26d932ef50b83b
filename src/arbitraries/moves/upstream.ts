/** Moves that make upstream values simpler. They do nothing for a batch that has none. */
import type { Batch } from '../../core/batch.ts';
import { attemptAll, type Move, made, type Search } from './search.ts';

/** Sets the upstream values to 0; then to 1 for one column of each row, the last or the first, or for all. */
export function plainUpstream(batch: Batch): Search {
  const { upstream, cols } = batch;
  if (upstream === null) return attemptAll(batch, []);
  const where = (test: (col: number) => boolean) => upstream.map((_, k) => Number(test(k % cols)));
  return attemptAll(
    batch,
    made(
      [() => false, (col: number) => col === cols - 1, (col: number) => col === 0, () => true],
      (test) => ({ ...batch, upstream: where(test) }),
    ),
  );
}

/**
 * A move of logits made one of upstream values: it is shown a batch whose logits they are, and what it makes of these takes
 * their place, where it is finite. The order of batches compares both in the same way.
 */
export function onUpstream(move: Move): Move {
  return function* (batch) {
    const { upstream } = batch;
    if (upstream === null) return batch;
    const search = move({ ...batch, logits: upstream, upstream: null });
    let next = search.next();
    while (!next.done) {
      const values = next.value.logits;
      next = search.next(values.every(Number.isFinite) ? yield { ...batch, upstream: values } : false);
    }
    return next.value.logits === upstream ? batch : { ...batch, upstream: next.value.logits };
  };
}
