/**
 * Tasks that take turns: one runs at a time, and where time is short none has all of it before each has had some.
 */
import { setImmediate } from 'node:timers/promises';

/**
 * What a task waits for now and then, where another may take its place. Undefined where it need not wait. `isLong` says that what
 * comes next takes long for what it is worth: where time is limited, if not over, those that wait come first.
 */
export type Pause = (isLong?: boolean) => Promise<void> | undefined;

/** Runs tasks in turns. */
export interface Turns {
  /** What the task comes to. It begins when those before it have ended or had their share of the time. */
  readonly take: <T>(task: (pause: Pause) => Promise<T>) => Promise<T>;
}

/** A turn is at least this long, in ms. */
const SHORTEST_MS = 10;

/**
 * Turns of the time that is left, in ms: a task's share is what is left by the number of those that wait, itself included. With
 * Infinity each runs to its end before the next begins. Once a task has failed no other goes on.
 */
export function createTurns(timeLeft: () => number): Turns {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  let end = 0;

  async function turn(): Promise<void> {
    const isNext = !isTaken;
    isTaken = true;
    await (isNext ? undefined : new Promise<void>((resolve) => waiting.push(resolve))); // Those that begin together all wait by now.
    end = performance.now() + Math.max(SHORTEST_MS, timeLeft() / (waiting.length + 1));
  }
  function pass(): void {
    const next = waiting.shift();
    if (next === undefined) isTaken = false;
    else next(); // Nobody comes between: the turn stays taken.
  }
  return {
    async take(task) {
      await turn();
      const breathe = createBreath();
      const result = await task((isLong = false) => {
        const isShared = isLong && Number.isFinite(timeLeft());
        if ((performance.now() < end && !isShared) || waiting.length === 0) return breathe();
        const again = turn();
        pass();
        return again;
      });
      pass();
      return result;
    },
  };
}

/** A pause that now and then, every 50 ms, lets signals and timers through. */
export function createBreath(): Pause {
  let last = performance.now();
  return () => {
    if (performance.now() - last < 50) return undefined;
    last = performance.now();
    return setImmediate();
  };
}
