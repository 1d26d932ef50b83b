/** How much a finding's errors matter, in words: docs/verdicts.md says what a weight is. */
import type { Finding } from '../core/finding.ts';
import { formatSize } from './numbers.ts';

/** `2e-7; up to 0.37 met, typically 1.2e-3`, or null where the error has no size. */
export function formatWeights({ weight, worst, typicalWeight }: Finding): string | null {
  if (!Number.isFinite(weight)) return null;
  const met = Number.isFinite(worst.weight) && worst.weight > weight;
  const told = [weight, worst.weight].map(formatSize);
  const most = met && told[0] !== told[1] ? `; up to ${told[1]} met` : '';
  return `${told[0]}${most}, typically ${formatSize(atMost(typicalWeight, met ? worst.weight : weight))}`;
}

/** How far the middle of a bin may lie above all that is in it: histogram.ts. */
const IN_BIN = 2 ** (1 / 8);

/** A median as histograms tell it, and no more than the largest of its bin. */
function atMost(median: number, largest: number): number {
  return median <= largest * IN_BIN ? Math.min(median, largest) : median;
}

/** `was 1e-7, is 0.7`, or null where no known error of the bucket is exceeded. */
export function formatExceeds({ exceeds, worst }: Finding): string | null {
  return exceeds === null ? null : `was ${formatSize(exceeds)}, is ${formatSize(worst.weight)}`;
}
