/** What has become of a target's accuracy since the baseline, in words. */
import type { AccuracyChange } from '../campaign/compare/accuracy-changes.ts';
import { answersBatch } from '../core/operation.ts';
import { formatCount, formatNumberOf, formatSize } from './numbers.ts';

/**
 * A line for each operation that has lost, and for each that has gained, with the change to or from the largest error:
 * `less accurate: softmax, gaps of 16 to 87, rows of 12: worst 0.38 to 0.41 of the budget, was 0.19 to 0.24, and 5 more changes`.
 */
export function describeChanges(changes: readonly AccuracyChange[]): string[] {
  const keyOf = ({ operation, isLoss }: AccuracyChange): string => `${operation} ${isLoss}`;
  return [...new Set(changes.map(keyOf))].map((key) => {
    const group = changes.filter((change) => keyOf(change) === key);
    const [most] = group.sort((a, b) => heightOf(b) - heightOf(a));
    const others = group.length - 1;
    const more = others === 0 ? '' : `, and ${formatNumberOf(others, 'more change', 'more changes')}`;
    return `${describe(most)}${more}`;
  });
}

/** The larger of both ends: a worst error before a mean. */
function heightOf({ before, after }: AccuracyChange): number {
  return Math.max(before[1], after[1]);
}

function describe({ operation, of, before, after, isLoss, from, to, cols }: AccuracyChange): string {
  const gaps = answersBatch(operation) ? '' : `${describeGaps(from, to)}, `;
  const size = of === 'worst' ? 'worst' : 'on average';
  return `${isLoss ? 'less' : 'more'} accurate: ${operation}, ${gaps}rows of ${formatCount(cols)}: ${size} ${range(after)} of the budget, was ${range(before)}`;
}

function range([from, to]: readonly [number, number]): string {
  const [a, b] = [formatSize(from), formatSize(to)];
  return a === b ? a : `${a} to ${b}`;
}

function describeGaps(from: number, to: number): string {
  if (from === 0) return `gaps up to ${formatCount(to)}`;
  return Number.isFinite(to)
    ? `gaps of ${formatCount(from)} to ${formatCount(to)}`
    : `gaps over ${formatCount(from)}`;
}
