/** One run a folder: a file that says which process writes there, as long as it does. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { readFile } from './read-file.ts';

/** The process that holds a folder. */
const holderSchema = v.object({ pid: v.number(), host: v.string(), started: v.nullable(v.string()) });
type Holder = v.InferOutput<typeof holderSchema>;

/** What came of {@link lockFolder}: the folder is this process's until it is released, or another's. */
export type Lock =
  | { readonly isOurs: true; readonly release: () => void }
  | { readonly isOurs: false; readonly pid: number };

/**
 * Takes `folder`, which must exist, for this process. The lock of a process that is gone is taken over; so is that of another
 * host, of which nothing can be known here: a job that is resumed elsewhere must not wait for itself.
 */
export function lockFolder(folder: string): Lock {
  const path = join(folder, 'lock.json');
  const own: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(own), { flag: 'wx' });
      return { isOurs: true, release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(path);
    if (holder !== null && isRunning(holder)) return { isOurs: false, pid: holder.pid };
    rmSync(path, { force: true });
  }
}

/** So much says which process it is. */
const MOST_BYTES = 4096;

/** Null where the file is gone again or says nothing. */
function readHolder(path: string): Holder | null {
  try {
    const result = v.safeParse(holderSchema, JSON.parse(readFile(path, MOST_BYTES, 0)));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** Whether the very process still runs: in a container that is started again, another soon has its number. */
function isRunning({ pid, host, started }: Holder): boolean {
  if (host !== hostname() || startOf(pid) !== started) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // It runs, and is another user's.
  }
}

/** When a process started, in the system's own units; null where the system does not tell. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]; // Field 22; what is before may hold blanks.
  } catch {
    return null;
  }
}
