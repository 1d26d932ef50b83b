/** One run a folder: a file that says which process writes there, as long as it does. */
import { linkSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import { readFile } from './read-file.ts';
import { reason } from './reason.ts';

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
 * @throws UserError when files cannot be written there.
 */
export function lockFolder(folder: string): Lock {
  const path = join(folder, 'lock.json');
  const own: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  const text = JSON.stringify(own);
  try {
    for (;;) {
      if (create(path, text)) return { isOurs: true, release: () => release(path, text) };
      if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
      const left = textOf(path);
      const holder = holderOf(left);
      if (holder !== null && isRunning(holder)) return { isOurs: false, pid: holder.pid };
      remove(path, left);
    }
  } catch (error) {
    throw new UserError(`cannot lock ${path}: ${reason(error)}`, 'Choose another folder with --reports DIR.');
  }
}

/** Makes the file with its text in it, so that nobody sees it without; false where there is one. */
function create(path: string, text: string): boolean {
  const aside = asideOf(path);
  rmSync(aside, { force: true });
  try {
    writeFileSync(aside, text, { flag: 'wx' });
  } catch (error) {
    rmSync(aside, { force: true }); // A full disk may have made it, and not written to it.
    throw error;
  }
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    return isOneOf(error, ['EEXIST', 'ENOENT']) ? false : createSlowly(path, text, error);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** The same where a file system has no second names: another process may see it before it has its text, and take it for nobody's. */
function createSlowly(path: string, text: string, refusal: unknown): boolean {
  if (!isOneOf(refusal, ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])) throw refusal;
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isOneOf(error, ['EEXIST'])) return false;
    throw error;
  }
}

/** Removes the file if it has this text. It is moved away first and read then: another process may have put its own there since it was read. */
function remove(path: string, text: string | null): void {
  const aside = asideOf(path);
  try {
    renameSync(path, aside);
    if (textOf(aside) !== text) linkSync(aside, path);
  } catch (error) {
    if (!isOneOf(error, ['ENOENT', 'EEXIST'])) throw error; // It is gone, or the next one is there already.
  }
  rmSync(aside, { force: true });
}

/** What stays of a lock whose process has ended is in nobody's way. */
function release(path: string, text: string): void {
  try {
    remove(path, text);
  } catch {
    // The folder has become read-only, or has gone.
  }
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

function asideOf(path: string): string {
  return `${path}.${process.pid}.tmp`;
}

/** So much says which process it is. */
const MOST_BYTES = 4096;

/** Null where it is gone again, or nothing that can be read. */
function textOf(path: string): string | null {
  try {
    return readFile(path, MOST_BYTES, 0);
  } catch {
    return null;
  }
}

/** Null where the text says nothing. */
function holderOf(text: string | null): Holder | null {
  try {
    const result = v.safeParse(holderSchema, JSON.parse(text ?? ''));
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
