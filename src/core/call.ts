/** A call of a target, and the last calls that a target was given. */
import type { Batch } from './batch.ts';
import type { Operation } from './operation.ts';

/** One call: an operation and its input. */
export interface Call {
  readonly operation: Operation;
  readonly batch: Batch;
}

/** So many calls are kept: what a kernel keeps from one that is longer ago is not looked for. */
export const MOST_CALLS = 64;

/** Of large batches fewer calls are kept: no more than so many logits together. */
const MOST_LOGITS = 2 ** 22;

/** What a target was called with since it was new. */
export interface History {
  /** The target was called so. */
  readonly note: (operation: Operation, batch: Batch) => void;
  /** The last {@link MOST_CALLS} at most, in their order. */
  readonly calls: () => readonly Call[];
  /** The target is new from now on. */
  readonly forget: () => void;
}

/** The history of a target that has not been called. */
export function createHistory(): History {
  let calls: Call[] = [];
  return {
    note(operation, batch) {
      calls.push({ operation, batch });
      if (calls.length >= 2 * MOST_CALLS) calls = lastOf(calls);
    },
    calls: () => lastOf(calls),
    forget() {
      calls = [];
    },
  };
}

/** The last of the calls that may be kept. */
export function lastOf(calls: readonly Call[]): Call[] {
  let logits = 0;
  let from = calls.length;
  while (from > Math.max(0, calls.length - MOST_CALLS)) {
    logits += calls[from - 1].batch.logits.length;
    if (logits > MOST_LOGITS) break;
    from--;
  }
  return calls.slice(from);
}
