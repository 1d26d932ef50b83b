/** What the batches of a campaign find of known faults, in words. */
import type { FaultPower, Power } from '../campaign/explain/power.ts';
import { formatCount, formatNumberOf } from './numbers.ts';

/** So many faults that are not found are told by name in a line: of those that differ by a number, one. */
const MOST_NAMED = 3;

/**
 * `these batches find 214 of 217 known faults, and not: adds up the first 65536 logits of a row (needs rows of over 65536 logits), …`. Known
 * are the ways to be wrong of src/hypotheses that are any by the operations and the profile.
 */
export function describePower({ batches, faults }: Power): string {
  const missed = faults.filter(({ foundAfter }) => foundAfter === null);
  if (missed.length === 0)
    return `these batches find all ${formatNumberOf(faults.length, 'known fault', 'known faults')}`;
  const named = missed
    .filter((fault, k) => missed.findIndex(({ words }) => kindOf(words) === kindOf(fault.words)) === k)
    .slice(0, MOST_NAMED)
    .map((fault) => `${fault.words} (${describeMiss(fault, batches)})`);
  const others = missed.length - named.length;
  const found = faults.length - missed.length;
  return [
    `these batches find ${formatCount(found)} of ${formatNumberOf(faults.length, 'known fault', 'known faults')}, and not: ${named.join(', ')}`,
    ...(others > 0 ? [`and ${others} more: softmax-fuzz power`] : []),
  ].join(', ');
}

/** Each fault of the operations with after how many batches it is found, or why it is not. */
export function formatPower({ batches, faults }: Power): string {
  const after = faults.map(({ foundAfter }) => (foundAfter === null ? 'not found' : formatCount(foundAfter)));
  const width = Math.max(...after.map((each) => each.length), 'batches'.length);
  const lines = faults.map((fault, k) => {
    const miss = fault.foundAfter === null ? `  (${describeMiss(fault, batches)})` : '';
    return `  ${after[k].padStart(width)}  ${fault.words}${miss}`;
  });
  return [`  ${'batches'.padStart(width)}  fault: a kernel that`, ...lines].join('\n');
}

/** What ways to be wrong that differ by a number have in common. */
function kindOf(words: string): string {
  return words.replace(/-?\d[\d.]*(e[+-]?\d+)?/g, '');
}

function describeMiss({ needs, tried }: FaultPower, batches: number): string {
  if (needs !== null) return `needs ${needs}`;
  return tried < batches
    ? `not shown by the first ${formatCount(tried)}, and no more were tried`
    : 'none of them shows it';
}
