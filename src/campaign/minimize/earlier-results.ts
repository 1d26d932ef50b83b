/**
 * What findings of a target have shrunk to, for those that time has cut: buckets of one fault mostly end at few inputs, and a short one that fails in the same way
 * says more than a long one that was met. Where there is time each descends from what was met: another start may end at a less simple batch.
 */
import { compareSimplicity } from '../../arbitraries/simplicity.ts';
import { type Batch, withUpstreamIf } from '../../core/batch.ts';
import { type Operation, usesUpstream } from '../../core/operation.ts';
import { fingerprint } from '../../shrink/fingerprint.ts';

/** No more are tried for a bucket. */
const MOST_TRIED = 32;

/** The inputs so far. */
export interface Learned {
  readonly add: (batch: Batch) => void;
  /** The simplest of them that is simpler than `batch` and fails; null where none does, or none has before `isOver`. */
  readonly simplest: (
    batch: Batch,
    operation: Operation,
    fails: (batch: Batch) => Promise<boolean>,
    isOver: () => boolean,
  ) => Promise<Batch | null>;
}

/** None yet. */
export function createLearned(): Learned {
  const batches = new Map<string, Batch>();
  return {
    add(batch) {
      batches.set(fingerprint(batch), batch);
    },
    async simplest(batch, operation, fails, isOver) {
      const simpler = [...batches.values()]
        .filter(({ upstream }) => upstream !== null || batch.upstream === null)
        .map((each) => withUpstreamIf(usesUpstream(operation), each))
        .filter((each) => compareSimplicity(each, batch) < 0)
        .sort(compareSimplicity)
        .slice(0, MOST_TRIED);
      for (const each of simpler) {
        if (isOver()) return null;
        if (await fails(each)) return each;
      }
      return null;
    },
  };
}
