/** One run a folder: a file that says which process writes there, as long as it does. */
import { createHash } from 'node:crypto';
import { linkSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { UserError } from '../text/errors.ts';
import { readFile } from './read-file.ts';
import { reason } from './system-error.ts';

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
    const holder = take(path, text);
    return holder === null
      ? { isOurs: true, release: () => release(path, text) }
      : { isOurs: false, pid: holder.pid };
  } catch (error) {
    throw new UserError(`cannot lock ${path}: ${reason(error)}`, 'Choose another folder with --reports DIR.');
  }
}

/** Puts `text` at `path`, in the place of what nobody holds any more; null, or who holds it. */
function take(path: string, text: string): Holder | null {
  for (;;) {
    if (create(path, text)) return null;
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) continue;
    if (entry.isDirectory()) throw new Error('it is a folder');
    const left = textOf(path);
    const holder = holderOf(left);
    if (holder !== null && isRunning(holder)) return holder;
    if (change(path, left, text, () => renameSync(written(path, text), path))) return null;
  }
}

/**
 * Changes the file by `act` while it has the text `left`, null where it has none that can be read, and says whether it had. Only who holds a second file may, which is called by that text: of all that have read
 * it one, and who comes when it is another text by then does nothing.
 */
function change(path: string, left: string | null, text: string, act: () => void): boolean {
  const guard = `${path}.${createHash('sha256')
    .update(left ?? '')
    .digest('hex')
    .slice(0, 16)}.tmp`;
  if (take(guard, text) !== null) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    return false;
  }
  try {
    if (textOf(path) !== left) return false;
    act();
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

/** For another to change the file. */
const PAUSE_MS = 2;

/** A file beside it with the text. */
function written(path: string, text: string): string {
  const aside = asideOf(path);
  rmSync(aside, { force: true });
  try {
    writeFileSync(aside, text, { flag: 'wx' });
  } catch (error) {
    rmSync(aside, { force: true }); // A full disk may have made it, and not written to it.
    throw error;
  }
  return aside;
}

/** Makes the file with its text in it, so that nobody sees it without; false where there is one. */
function create(path: string, text: string): boolean {
  const aside = written(path, text);
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

/** What stays of a lock whose process has ended is in nobody's way. */
function release(path: string, text: string): void {
  try {
    change(path, text, text, () => rmSync(path));
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
