/** Lets happen what a kernel has put off: its promises, its timers, what other threads say. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { describeChange } from '../core/aftermath.ts';
import { FURTHER_CALLS } from '../core/law.ts';
import type { Operation } from '../core/operation.ts';
import type { AfterOthers, Target } from '../core/target.ts';

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
): AfterOthers['changed'] {
  const change = aftermath?.changed(operation, isOwn ? FURTHER_CALLS : undefined) ?? null;
  if (change === null) return null;
  return { isAnswer: change.name === 'answer', detail: describeChange(change, FURTHER_CALLS) };
}
