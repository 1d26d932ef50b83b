/** The time and the memory that a target's process takes. */
import type { CallFailureKind } from '../call-failure.ts';
import type { Limits } from './reach.ts';

/** Watches a process while it has something to do. */
export interface Watch {
  /** A process has something to do, and so long for each. */
  readonly begin: (milliseconds: number) => void;
  /** It has answered, after so many milliseconds, and goes on with the next. */
  readonly answered: () => number;
  /** It has nothing to do. */
  readonly rest: () => void;
}

/** How often memory is looked at, in ms: a process fills some 200 MB meanwhile. */
export const LOOK_MS = 100;

/** What is said of a process that was stopped for its memory. */
export function describeMemory(memoryBytes: number): string {
  return `it took more memory than ${Math.round(memoryBytes / 2 ** 20)} MiB`;
}

/**
 * Watches time and memory while there is something to do, and keeps this process alive as long. Only time in which
 * this process listened counts: it may itself be busy for longer than a call may take.
 */
export function createWatch(
  { timeoutMs, memoryBytes }: Limits,
  {
    memory,
    stop,
  }: {
    readonly memory: () => number;
    readonly stop: (kind: CallFailureKind, detail: string) => void;
  },
): Watch {
  const tick = Math.min(LOOK_MS, timeoutMs / 10);
  let timer: NodeJS.Timeout | undefined;
  let spent = 0;
  let last = 0;
  let lastLook = 0;
  let allowed = timeoutMs;
  const listened = (): void => {
    const now = performance.now();
    spent += Math.min(now - last, tick);
    last = now;
  };
  const lookAtMemory = (): void => {
    lastLook = performance.now();
    if (memory() > memoryBytes) stop('out-of-memory', describeMemory(memoryBytes));
  };
  const usual = (): string => (allowed > timeoutMs ? `, and ${timeoutMs / 1000} s is allowed` : '');
  const look = (): void => {
    listened();
    if (spent >= allowed) stop('timed-out', `no answer within ${allowed / 1000} s${usual()}`);
    else lookAtMemory();
  };
  return {
    begin(milliseconds) {
      spent = 0;
      allowed = milliseconds;
      last = performance.now();
      timer ??= setInterval(look, tick);
    },
    answered() {
      listened();
      const took = spent;
      spent = 0;
      if (last - lastLook > LOOK_MS) lookAtMemory(); // Calls that are short leave no time to the timer.
      return took;
    },
    rest() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
