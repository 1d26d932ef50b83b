/** Lets happen what a kernel has put off: its promises, its timers, what other threads say. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { describeChange, isEarlier } from '../core/aftermath.ts';
import { FURTHER_CALLS } from '../core/law.ts';
import type { Operation } from '../core/operation.ts';
import type { ChangedLater, Target } from '../core/target.ts';

/** Waits so many ms, and lets what is due happen. */
export async function rest(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await setTimeout(milliseconds);
  await setImmediate(); // Timers that are due come before what is immediate, and promises before both.
  await setImmediate();
}

/** What the target has changed of the arrays of the operation's calls, once they were answered, after {@link FURTHER_CALLS}; with `isOwn` of these and the one before alone. */
export function changedSince(
  { aftermath }: Target,
  operation: Operation,
  isOwn: boolean,
): ChangedLater | null {
  const change = aftermath?.changed(operation, isOwn ? FURTHER_CALLS : undefined) ?? null;
  if (change === null) return null;
  const detail = describeChange(change, FURTHER_CALLS);
  return { isAnswer: change.name === 'answer', isOfEarlier: isEarlier(change, FURTHER_CALLS), detail };
}
