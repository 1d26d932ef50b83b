/** One oracle for all operations and targets that are given the same batch of a case, and one computation of its rows for those with the same scores. */
import type { Batch } from '../../core/batch.ts';
import type { Operation } from '../../core/operation.ts';
import type { Options } from '../../core/options.ts';
import type { Target } from '../../core/target.ts';
import { keyOf, scoresTaken, takenBy, takenOf } from '../../options/taken.ts';
import { createOracle, type Oracle } from '../../oracle/exact.ts';
import { type ScoresBy, scoresOf } from '../../oracle/scores.ts';
import type { Workspace } from '../../row/approximation.ts';
import { logitsOf } from '../subject.ts';

/** Where the oracles of a case find what it gives. */
interface Source {
  /** The batch that an operation of a target is given. */
  readonly batchOf: (target: Target, operation: Operation) => Batch;
  /** The options of which each takes some. */
  readonly optionsOf: (target: Target) => Options;
  /** The memory for the first scores of the case, for the second, and so on. */
  readonly workspaceOf?: (number: number) => Workspace;
}

/**
 * The oracle of the batch that an operation of a target is given. Those of one format that are given the same options share it, and those that
 * are given the same options of scores share {@link scoresOf}.
 */
export function sharedOracles({
  batchOf,
  optionsOf,
  workspaceOf,
}: Source): (target: Target, operation: Operation) => Oracle {
  const oracles = new Map<string, Oracle>();
  const scores = new Map<string, ScoresBy>();
  return (target, operation) => {
    const meaning = target.semantics === undefined ? '' : JSON.stringify(target.semantics);
    const taken = takenOf(takenBy(target, operation), optionsOf(target));
    const key = `${logitsOf(target)} ${keyOf(taken)} ${meaning}`;
    let oracle = oracles.get(key);
    if (oracle === undefined) {
      const batch = batchOf(target, operation);
      const ofScores = `${logitsOf(target)} ${keyOf(scoresTaken(taken))}`;
      const shared = scores.get(ofScores) ?? scoresOf(batch, workspaceOf?.(scores.size));
      scores.set(ofScores, shared);
      oracle = createOracle(batch, undefined, shared);
      oracles.set(key, oracle);
    }
    return oracle;
  };
}
