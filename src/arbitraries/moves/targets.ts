/** Moves that lower the target classes. */
import type { Batch } from '../../core/batch.ts';
import { attempt, lowerInteger, type Search } from './search.ts';

/** Sets all targets to 0. */
export function clearTargets(batch: Batch): Search {
  return attempt(batch, { ...batch, targets: new Int32Array(batch.rows) });
}

/** Lowers each target to 0, or to the least that fails; one that is ignored to 0 or not at all. */
export function* lowerTargets(batch: Batch): Search {
  let best = batch;
  for (let row = 0; row < batch.rows; row++) {
    best = yield* attempt(best, withTarget(best, row, 0));
    if (best.targets[row] === best.options?.ignoreIndex) continue;
    best = yield* lowerInteger(best, best.targets[row], (current, target) =>
      withTarget(current, row, target),
    );
  }
  return best;
}

function withTarget(batch: Batch, row: number, target: number): Batch {
  return { ...batch, targets: batch.targets.with(row, target) };
}
