/** The folder that a run writes to: its own as long as it runs. */
import { join } from 'node:path';
import { lockFolder } from '../record/lock.ts';
import { prepareFolder } from '../record/store.ts';
import { UserError } from '../text/errors.ts';
import { inert, LONGEST_MESSAGE } from '../text/inert.ts';

/** Where a run's files go. */
export interface RunFolder {
  readonly folder: string;
  /** Lets others have it; done too when the process ends. */
  readonly release: () => void;
}

/**
 * The folder `name` in `reports`, made and locked, or the first of name-2, name-3 and so on in which no other run is going on; that it is another is
 * said to stderr.
 * @throws UserError when the folder cannot be written to, or is another run's and `mustBe` this one.
 */
export function takeRunFolder(reports: string, name: string, mustBe: boolean): RunFolder {
  const folder = join(reports, name);
  for (let k = 1; ; k++) {
    const called = k === 1 ? name : `${name}-${k}`;
    const each = join(reports, called);
    prepareFolder(reports, called, 'findings');
    const lock = lockFolder(each);
    if (lock.isOurs) {
      if (k > 1)
        process.stderr.write(
          `${inert(`another run writes to ${folder}: this one writes to ${each}`, LONGEST_MESSAGE)}\n`,
        );
      const release = (): void => {
        process.off('exit', release);
        lock.release();
      };
      process.on('exit', release);
      return { folder: each, release };
    }
    if (mustBe)
      throw new UserError(
        `a run is going on in ${folder}, of process ${lock.pid}`,
        'Wait for its end, or choose another folder with --reports DIR.',
      );
  }
}
