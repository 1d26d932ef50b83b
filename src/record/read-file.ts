/**
 * Reading what may be anything: a device without an end, a pipe that nobody writes to, a file of a disk's size. What is read is a regular file or a pipe, and no more of it
 * than there should be.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { UserError } from '../text/errors.ts';
import { reason } from './system-error.ts';

/** Files are read up to so many bytes, 64 MB: a finding of 2^24 logits, no two of which are alike, does not fit, and nobody has one. */
export const MOST_BYTES = 2 ** 26;

/** How long a pipe may say nothing. */
const PATIENCE_MS = 30_000;

/** How long is waited between two looks at a pipe. */
const PAUSE_MS = 5;

const CHUNK = 2 ** 16;

/**
 * The text of the file or pipe at `path`, of at most `most` bytes; a pipe may say nothing for up to `patienceMs`.
 * @throws UserError when it cannot be read, is neither, is longer, or nobody writes to it.
 */
export function readFile(path: string, most = MOST_BYTES, patienceMs = PATIENCE_MS): string {
  let file: number;
  try {
    if (statSync(path).isDirectory()) throw new Error('it is a folder');
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${reason(error)}`);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() && !stat.isFIFO()) throw new Error('it is neither a file nor a pipe');
    if (stat.size > most) throw new Error(tooLong(`${stat.size}`, most));
    return bytesOf(file, most, stat.isFIFO() ? patienceMs : null).toString('utf8');
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${reason(error)}`);
  } finally {
    closeSync(file);
  }
}

/** A pipe that has no writer yet ends as one that has none any more: what has said nothing yet is waited for. */
function bytesOf(file: number, most: number, patienceMs: number | null): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  for (let waited = 0; ; ) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const count = readOrNothing(file, chunk);
    if (count === 0 && (chunks.length > 0 || patienceMs === null)) return Buffer.concat(chunks);
    if (count > 0) {
      chunks.push(chunk.subarray(0, count));
      length += count;
      waited = 0;
      if (length > most) throw new Error(tooLong(`more than ${most}`, most));
    } else if (patienceMs === 0) throw new Error('it is a pipe that nobody writes to');
    else if (waited >= (patienceMs ?? 0))
      throw new Error(`nothing was written to it for ${(patienceMs ?? 0) / 1000} s`);
    else {
      pause();
      waited += PAUSE_MS;
    }
  }
}

/** How many bytes were read; 0 at the end, and -1 where there is nothing yet. */
function readOrNothing(file: number, chunk: Buffer): number {
  try {
    return readSync(file, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return -1;
    throw error;
  }
}

function tooLong(length: string, most: number): string {
  return `it has ${length} bytes, and ${most} at most are read`;
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}
