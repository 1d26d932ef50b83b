/**
 * A bound of what a process may allocate, by the system: memory that is asked for at once is refused at once, where looking at what is held would come
 * a gigabyte late. Linux counts private writable memory for RLIMIT_DATA, also what was never touched, but not what is merely reserved.
 */
import { existsSync } from 'node:fs';

/** A program with its arguments. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

const SHELL = '/bin/sh';

/** What a process may allocate beyond the memory that it may hold: threads' stacks, and a quarter, so that who holds too much is told so. */
const BASE_BYTES = 2 ** 29;
const SHARE = 1.25;

/** The command, bound to allocate not much more than `memoryBytes`; as it is where the system knows no such bound. */
export function bounded(command: Command, memoryBytes: number): Command {
  if (process.platform !== 'linux' || !Number.isFinite(memoryBytes) || !existsSync(SHELL)) return command;
  const kilobytes = Math.ceil((SHARE * memoryBytes + BASE_BYTES) / 1024);
  const { program, args } = command;
  // The shell becomes the program, whose arguments it does not read.
  const script = 'ulimit -d "$0" 2>/dev/null; exec "$@"';
  return { program: SHELL, args: ['-c', script, String(kilobytes), program, ...args] };
}
