/** Which laws a campaign asks at which case. */
import { type Law, laws } from '../core/law.ts';
import type { Target } from '../core/target.ts';

/** Of so many generated cases one is asked for one law: asking costs a few calls. */
const EVERY = 16;

/**
 * The laws that `target` is held to at case `number`: all of them at the given cases, which have negative numbers, and one in turn at
 * every sixteenth of the generated ones. So it is the same however a campaign is split.
 */
export function lawsAt(number: number, target: Target): readonly Law[] {
  if (number < 0) return target.laws;
  if (number % EVERY !== 0) return none;
  const law = laws[(number / EVERY) % laws.length];
  return target.laws.includes(law) ? [law] : none;
}

const none: readonly Law[] = [];
