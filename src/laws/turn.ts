/** Which laws a campaign asks at which case. */
import { type Law, laws } from '../core/law.ts';
import type { Target } from '../core/target.ts';

/** Of so many generated cases one is asked for one law: asking costs a few calls. */
const EVERY = 16;

/** Where layouts are declared, one is asked for them: another axis is a kernel of its own, and only rows that can be divided have two dimensions beside it. */
const EVERY_LAYOUT = 8;

/** 2^32 over the golden ratio: its multiples modulo 2^32 are spread evenly, those of every second or eighth number too. */
const GOLDEN = 0x9e3779b9;

/**
 * The laws that `target` is held to at case `number`: all of them at the given cases, which have negative numbers, and a single one
 * at one in sixteen of the generated ones, or layouts at one in eight more. Which depends on the number alone, however a campaign is split, and keeps step with
 * no period: a law that came at every sixteenth case would meet only what requests.ts draws at every eighth.
 */
export function lawsAt(number: number, target: Target): readonly Law[] {
  if (number < 0) return target.laws;
  const place = (Math.imul(number, GOLDEN) >>> 0) / 2 ** 32;
  if (place >= 1 - 1 / EVERY_LAYOUT) return target.laws.includes('layout') ? ['layout'] : none;
  const law = others[Math.floor(place * EVERY * others.length)];
  return target.laws.includes(law) ? [law] : none;
}

/** Of so many generated cases every call of one is made again. */
const REPEATED = 8;

/** 2^32 times what the square root of 2 has behind its point: as evenly spread, and not in step with the laws. */
const ROOT = 0x6a09e667;

/** Whether each call of case `number` that was answered rightly is made once more: as with the laws, the number alone decides. */
export function isRepeatedAt(number: number, target: Target): boolean {
  return target.laws.includes('repeatable') && Math.imul(number, ROOT) >>> 0 < 2 ** 32 / REPEATED;
}

const none: readonly Law[] = [];

/** The laws that take turns. The one of layouts has turns of its own: few targets declare any. */
const others: readonly Law[] = laws.filter((law) => law !== 'layout');
