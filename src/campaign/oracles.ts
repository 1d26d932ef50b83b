/** One oracle for all operations and targets that are given the same batch of a case. */
import type { Batch } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { keyOf, takenBy } from '../options/taken.ts';
import { createOracle, type Oracle } from '../oracle/exact.ts';
import type { Workspace } from '../row/approximation.ts';
import { logitsOf } from './subject.ts';

/**
 * The oracle of the batch that `batchOf` gives an operation of a target. Those of one format that take the same options share it; `workspaceOf`
 * gives each its memory.
 */
export function sharedOracles(
  batchOf: (target: Target, operation: Operation) => Batch,
  workspaceOf?: (key: string) => Workspace,
): (target: Target, operation: Operation) => Oracle {
  const oracles = new Map<string, Oracle>();
  return (target, operation) => {
    const meaning = target.semantics === undefined ? '' : JSON.stringify(target.semantics);
    const key = `${logitsOf(target)} ${keyOf(takenBy(target, operation))} ${meaning}`;
    let oracle = oracles.get(key);
    if (oracle === undefined) {
      oracle = createOracle(batchOf(target, operation), workspaceOf?.(key));
      oracles.set(key, oracle);
    }
    return oracle;
  };
}
