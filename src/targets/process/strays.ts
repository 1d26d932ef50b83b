/**
 * Processes that a target has started, also those that have left its group. While it lives they are its descendants; once it has gone they are known by
 * what they have inherited in their environment. Both are read from /proc: nothing is known where there is none, nor of who has emptied its environment.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { inert } from '../../text/inert.ts';

/** The variable by which what targets start is known. */
const VARIABLE = 'SOFTMAX_FUZZ_TARGET';

/** The variable by which a process of a campaign's pool knows the campaign. */
const CAMPAIGN = 'SOFTMAX_FUZZ_CAMPAIGN';

const campaign = process.env[CAMPAIGN] ?? randomUUID();
const isPart = process.env[CAMPAIGN] !== undefined;
delete process.env[CAMPAIGN]; // What this process starts is no part of the pool.

/** The environment of a target's process. */
export function environmentOfTarget(): NodeJS.ProcessEnv {
  return { ...process.env, [VARIABLE]: `${campaign}.${process.pid}` };
}

/** The environment of a process of the pool. */
export function environmentOfPool(): Record<string, string> {
  return { ...(process.env as Record<string, string>), [CAMPAIGN]: campaign };
}

/** The processes that `pid` has started and they in turn, but for those whose own parent has ended. */
export function descendantsOf(pid: number): number[] {
  const children = read(`/proc/${pid}/task`, readdirSync).flatMap((task) =>
    numbersIn(read(`/proc/${pid}/task/${task}/children`, textOf)[0] ?? ''),
  );
  return [...children, ...children.flatMap(descendantsOf)];
}

/** Ends what targets of this process have started and is still there; of the whole campaign, unless this process is of its pool. */
export function endStrays(): void {
  const mark = `${VARIABLE}=${campaign}.${isPart ? `${process.pid}\0` : ''}`;
  const isStray = (pid: string): boolean =>
    Number(pid) !== process.pid && (read(`/proc/${pid}/environ`, textOf)[0] ?? '').includes(mark);
  // Who starts another just then is met a second time.
  for (let round = 0; round < 3; round++) {
    const strays = read('/proc', readdirSync).filter((name) => /^\d+$/.test(name) && isStray(name));
    if (strays.length === 0) return;
    endProcesses(strays.map(Number));
  }
}

/** Ends the processes; says which it may not. */
export function endProcesses(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') continue; // It has ended.
      const name = inert((read(`/proc/${pid}/comm`, textOf)[0] ?? '').trim());
      process.stderr.write(
        `softmax-fuzz: process ${pid} (${name}), which a target has started, goes on: it may not be ended\n`,
      );
    }
  }
}

/** What is read, as an array; nothing where it cannot be. */
function read<T extends string | string[]>(path: string, how: (path: string) => T): string[] {
  try {
    return [how(path)].flat() as string[];
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  return readFileSync(path, 'latin1');
}

function numbersIn(text: string): number[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}
