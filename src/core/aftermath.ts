/** What becomes of the arrays of calls once they are answered: arguments and answers are the caller's, and stay as they are. */
import type { Operation } from './operation.ts';

/** An array of a call that has been answered. */
export interface Handed {
  /** `logits`; `answer` for what came back. */
  readonly name: string;
  /** What it held when the call was answered. */
  readonly was: ArrayLike<number>;
  /** What it holds now; nothing where its memory is gone. */
  readonly now: () => ArrayLike<number>;
}

/** An array that is not as it was. */
export interface Change {
  readonly name: string;
  readonly operation: Operation;
  /** Calls that were answered since. */
  readonly callsAgo: number;
  /** Where it differs; null where its memory is gone. */
  readonly index: number | null;
}

/** Keeps the arrays of the last calls, and compares them again. */
export interface Aftermath {
  /** Arrays of the call that is answered next. */
  readonly gather: (arrays: readonly Handed[]) => void;
  /** The call was answered. What leaves room for it is compared for the last time. */
  readonly keep: (operation: Operation, arrays: readonly Handed[]) => void;
  /** What was changed of the operation's calls since they were answered, of the latest that has something; it is told once. Of no more calls ago than `most`. */
  readonly changed: (operation: Operation, most?: number) => Change | null;
}

/** So many calls are kept, of no more numbers together: a kernel may take many buffers in turn. */
const MOST_CALLS = 64;
const MOST_NUMBERS = 2 ** 18;

/** The aftermath of no calls. */
export function createAftermath(): Aftermath {
  const kept: Entry[] = [];
  let gathered: Handed[] = [];
  let calls = 0;
  let numbers = 0;
  const left = new Map<Operation, Change>();
  const changeOf = ({ operation, arrays, call }: Entry): Change | null => {
    for (const { name, was, now } of arrays) {
      const held = now();
      const index = differenceOf(was, held);
      if (index !== null)
        return { name, operation, callsAgo: calls - call, index: held.length === was.length ? index : null };
    }
    return null;
  };
  return {
    gather(arrays) {
      gathered.push(...arrays);
    },
    keep(operation, own) {
      const arrays = gathered.length === 0 ? own : [...own, ...gathered];
      gathered = [];
      calls++;
      const size = sizeOf(arrays);
      if (size > MOST_NUMBERS) return;
      kept.push({ operation, arrays, call: calls, size });
      numbers += size;
      while (kept.length > MOST_CALLS || numbers > MOST_NUMBERS) {
        const oldest = kept.shift() as Entry;
        numbers -= oldest.size;
        const change = changeOf(oldest);
        if (change !== null) left.set(oldest.operation, change);
      }
    },
    changed(asked, most = Number.POSITIVE_INFINITY) {
      const before = left.get(asked);
      let found = before === undefined || before.callsAgo > most ? null : before;
      if (found !== null) left.delete(asked);
      for (let k = 0; k < kept.length; k++) {
        if (kept[k].operation !== asked || calls - kept[k].call > most) continue;
        const change = changeOf(kept[k]);
        if (change === null) continue;
        found = change;
        numbers -= kept[k].size;
        kept.splice(k--, 1);
      }
      return found;
    },
  };
}

interface Entry {
  readonly operation: Operation;
  readonly arrays: readonly Handed[];
  /** The number of the call. */
  readonly call: number;
  readonly size: number;
}

function sizeOf(arrays: readonly Handed[]): number {
  let size = 0;
  for (const { was } of arrays) size += was.length;
  return size;
}

/** The first place where the two differ, in zeros' signs too; null where there is none. */
function differenceOf(was: ArrayLike<number>, now: ArrayLike<number>): number | null {
  if (was.length !== now.length) return 0;
  for (let k = 0; k < was.length; k++) if (!Object.is(was[k], now[k])) return k;
  return null;
}

/** Whether it is of a call before the one that so many `further` calls followed on purpose. */
export function isEarlier({ callsAgo }: Change, further: number): boolean {
  return callsAgo > further;
}

/**
 * `it changed logits[3] after it had answered`, `it changed answer[0] of softmax, 12 calls before, after that was answered`. So many `further` calls have been
 * made on purpose.
 */
export function describeChange({ name, operation, callsAgo, index }: Change, further: number): string {
  const did = index === null ? `it gave away its ${name}` : `it changed ${name}[${index}]`;
  const earlier = callsAgo - further;
  if (earlier <= 0) return `${did} after it had answered`;
  return `${did} of ${operation}, ${earlier === 1 ? 'a call' : `${earlier} calls`} before, after that was answered`;
}
