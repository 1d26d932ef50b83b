/** A journal whose campaign goes on where nothing can be written for a while: a disk is full, a folder has gone. */
import type { Journal } from '../campaign/state.ts';
import type { Finding } from '../core/finding.ts';
import { UserError } from '../text/errors.ts';

/** The journal, which tells of the first failure to write, and writes later what it could not. */
export interface StubbornJournal extends Journal {
  /** Why the last writing failed; null where all has been written. */
  readonly failure: () => UserError | null;
}

/** The journal; `tell` is told once that something could not be written. */
export function stubborn(journal: Journal, tell: (failure: UserError) => void): StubbornJournal {
  const unwritten = new Map<string, () => void>();
  let failure: UserError | null = null;
  let isTold = false;
  const attempt = (write: () => void): boolean => {
    try {
      write();
      return true;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failure = error;
      if (!isTold) tell(error);
      isTold = true;
      return false;
    }
  };
  return {
    ...journal,
    failure: () => failure,
    keep(target: number, bucket: string, finding: Finding) {
      const write = (): void => journal.keep(target, bucket, finding);
      if (!attempt(write)) unwritten.set(`${target}/${bucket}`, write);
    },
    // The state comes last: once it says that a campaign has finished, all that was shrunk is there.
    save(state) {
      for (const [key, write] of unwritten) if (attempt(write)) unwritten.delete(key);
      if (attempt(() => journal.save(state)) && unwritten.size === 0) failure = null;
    },
  };
}
