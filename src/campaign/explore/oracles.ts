/** One oracle for all operations and targets that are given the same batch of a case, and one computation of its rows for those with the same scores. */
import type { Batch } from '../../core/batch.ts';
import type { Operation } from '../../core/operation.ts';
import type { Target } from '../../core/target.ts';
import { keyOf, scoresTaken, takenBy } from '../../options/taken.ts';
import { createOracle, type Oracle } from '../../oracle/exact.ts';
import { type ScoresBy, scoresOf } from '../../oracle/scores.ts';
import type { Workspace } from '../../row/approximation.ts';
import { logitsOf } from '../subject.ts';

/**
 * The oracle of the batch that `batchOf` gives an operation of a target. Those of one format that take the same options share it, and those that
 * take the same options of scores share {@link scoresOf}; `workspaceOf` gives each of these its memory.
 */
export function sharedOracles(
  batchOf: (target: Target, operation: Operation) => Batch,
  workspaceOf?: (key: string) => Workspace,
): (target: Target, operation: Operation) => Oracle {
  const oracles = new Map<string, Oracle>();
  const scores = new Map<string, ScoresBy>();
  return (target, operation) => {
    const meaning = target.semantics === undefined ? '' : JSON.stringify(target.semantics);
    const taken = takenBy(target, operation);
    const key = `${logitsOf(target)} ${keyOf(taken)} ${meaning}`;
    let oracle = oracles.get(key);
    if (oracle === undefined) {
      const batch = batchOf(target, operation);
      const ofScores = `${logitsOf(target)} ${keyOf(scoresTaken(taken))}`;
      const shared = scores.get(ofScores) ?? scoresOf(batch, workspaceOf?.(ofScores));
      scores.set(ofScores, shared);
      oracle = createOracle(batch, undefined, shared);
      oracles.set(key, oracle);
    }
    return oracle;
  };
}
