/** The options of an operation in a few words, for people. */

import type { Taken } from '../core/options.ts';
import { formatFloat } from '../float32/format.ts';

/** `scale, mask, softcap 30`; null where there are none. */
export function describeTaken({ names, fixed, alwaysProbabilities }: Taken): string | null {
  const values = Object.entries(fixed).map(([name, value]) => {
    if (typeof value === 'string') return `${name} ${value}`;
    if (typeof value !== 'number')
      return `${name} [${Array.from(value as ArrayLike<number>, (each) => formatFloat(each)).join(', ')}]`;
    return `${name} ${formatFloat(value)}`;
  });
  const shown = (name: string): string =>
    name === 'probabilities' && alwaysProbabilities ? 'probabilities always' : name;
  return [...names.map(shown), ...values].join(', ') || null;
}
