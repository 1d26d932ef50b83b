/** A target as if it had been called with nothing but what is said. */
import type { Call } from '../core/call.ts';
import type { Target } from '../core/target.ts';
import { observe } from './observe.ts';

/**
 * Makes the target new, where it can be, and gives it the calls, whatever it answers. No call may be under way. With `isQuick` it is loaded
 * anew where it is, if it can be.
 */
export async function startOver(target: Target, calls: readonly Call[], isQuick = false): Promise<void> {
  if (isQuick && target.reload) target.reload();
  else await target.renew?.();
  for (const { operation, batch } of calls) await observe(target, operation, batch);
}
