/** One running process of a target: its pipes, its end, and its memory. What it says is judged elsewhere. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { inertWriter } from './inert-writer.ts';
import { descendantsOf, endProcesses, endStrays, environmentOfTarget } from './strays.ts';
import { tellingLine } from './telling-line.ts';

/** A running process. */
export interface Child {
  readonly write: (bytes: Buffer) => void;
  /** Tells it that nothing more will come. */
  readonly endInput: () => void;
  /** Ends it and what it started, at once. */
  readonly kill: () => void;
  /** What it holds in memory, in bytes; 0 where the system does not tell. */
  readonly memory: () => number;
}

/** Who hears of a process. */
export interface ChildListener {
  readonly onOutput: (chunk: Buffer) => void;
  /** It is gone, and everything it wrote has been heard. `how` is `exit code 3`, `SIGSEGV`, with its last words on stderr. */
  readonly onEnd: (how: string) => void;
  /** It could not be started. */
  readonly onRefused: (error: NodeJS.ErrnoException) => void;
}

/** How long output is waited for after the end, in ms: what it started may hold its pipes open. */
const GRACE_MS = 200;

/** A process's last words: the message of an exception stands above the frames of its stack. */
const LONGEST_LAST_WORDS = 16_384;

const running = new Set<() => void>();
let hasStarted = false;

/** Starts `program`. It keeps this process from ending only while somebody else does, and does not outlive it. */
export function startChild(
  program: string,
  args: readonly string[],
  showStderr: boolean,
  { onOutput, onEnd, onRefused }: ChildListener,
): Child {
  // A group of its own: what it starts can be ended with it, and Ctrl-C is left to the campaign.
  const child = spawn(program, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environmentOfTarget(),
  });
  const kill = (): void => endGroup(child);
  if (!hasStarted) process.on('exit', endAll);
  hasStarted = true;
  running.add(kill);
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as Socket).unref();
  child.unref();

  let lastWords = '';
  const shown = inertWriter((text) => process.stderr.write(text));
  child.stdin.on('error', () => {}); // It ended before it had read everything: its end says more.
  child.stdout.on('data', onOutput);
  child.stderr.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-LONGEST_LAST_WORDS);
    if (showStderr) shown.write(chunk);
  });

  let ended = false;
  const end = (code: number | null, signal: string | null): void => {
    if (ended) return;
    ended = true;
    forget(kill);
    kill();
    shown.end();
    onEnd([signal ?? `exit code ${code}`, tellingLine(lastWords)].filter(Boolean).join(': '));
  };
  child.on('error', (error) => {
    forget(kill);
    if (child.pid === undefined) onRefused(error);
  });
  // Where this process was busy for all that time, what was written meanwhile is read before what is immediate.
  child.on('exit', (code, signal) => setTimeout(() => setImmediate(() => end(code, signal)), GRACE_MS));
  child.on('close', end);
  return {
    write: (bytes) => void child.stdin.write(bytes),
    endInput: () => void child.stdin.end(),
    kill,
    memory: () => residentBytes(child.pid),
  };
}

function forget(kill: () => void): void {
  running.delete(kill);
}

/** Ends every child. */
export function killAll(): void {
  for (const kill of running) kill();
}

/** Ends what targets have started, too, as the end of this process does. */
function endAll(): void {
  killAll();
  endStrays();
}

function endGroup({ pid, exitCode, signalCode }: ChildProcessWithoutNullStreams): void {
  if (pid === undefined) return;
  // Who has left the group is found as long as its parent lives. The number of one that has ended may be another's by now.
  const descendants = exitCode === null && signalCode === null ? descendantsOf(pid) : [];
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // There is nobody left.
  }
  endProcesses(descendants);
}

function residentBytes(pid: number | undefined): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return 1024 * Number(kilobytes ?? 0);
  } catch {
    return 0; // It has just ended, or this is not Linux.
  }
}
