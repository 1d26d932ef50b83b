/** Misspelt names: the error that names the nearest right one. */

import { shown } from './describe-value.ts';
import { UserError } from './errors.ts';

/** The error for a `what` that is called `name`, when there are only `names`; `plural` is of several. */
export function unknownName(
  what: string,
  name: string,
  names: readonly string[],
  plural = `${what}s`,
): UserError {
  const nearest = nearestName(name, names);
  const guess = nearest === null ? '' : `; did you mean ${nearest}?`;
  return new UserError(
    `there is no ${what} '${shown(name)}'${guess}`,
    `The ${plural} are: ${names.join(', ')}.`,
  );
}

/** No name that anybody has misspelt is longer. */
const LONGEST_NAME = 100;

/** The name with the least edits from `name`, if at most half of it differs. Case is ignored. */
export function nearestName(name: string, names: readonly string[]): string | null {
  if (name.length > LONGEST_NAME) return null;
  const distances = names.map((candidate) => ({
    candidate,
    edits: editDistance(name.toLowerCase(), candidate.toLowerCase()),
  }));
  distances.sort((a, b) => a.edits - b.edits);
  const best = distances[0];
  return best !== undefined && best.edits <= Math.max(1, name.length / 2) ? best.candidate : null;
}

/** Levenshtein's distance: the least number of insertions, deletions and substitutions from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
