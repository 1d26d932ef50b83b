/**
 * Histograms of positive sizes on a logarithmic scale, a fourth of an octave a bin: plain data, which add up in any order.
 * A median read from one is within 2^(1/8) of the true one, nine percent.
 */

/** How often sizes fell into each bin, by the bin's number. */
export type Histogram = ReadonlyMap<number, number>;

const PER_OCTAVE = 4;

/** The bins of 0 and of Infinity: below and above those of all doubles. */
export const ZERO_BIN = -PER_OCTAVE * 1075;
export const INFINITE_BIN = PER_OCTAVE * 1025;

/** The bin of a size from 0 to Infinity. */
export function binOf(size: number): number {
  if (size === 0) return ZERO_BIN;
  return Math.min(INFINITE_BIN, Math.floor(PER_OCTAVE * Math.log2(size)));
}

/** The histogram of both. */
export function addHistograms(a: Histogram, b: Histogram): Histogram {
  if (b.size === 0) return a;
  const sum = new Map(a);
  for (const [bin, count] of b) sum.set(bin, (sum.get(bin) ?? 0) + count);
  return sum;
}

/** The size in the middle of the bin that holds the median, the lower of two; NaN of an empty histogram. */
export function medianOf(histogram: Histogram): number {
  return quantileOf(histogram, 0.5);
}

/** The size in the middle of the bin below and in which the share `q` of all sizes is; NaN of an empty histogram. */
export function quantileOf(histogram: Histogram, q: number): number {
  const bins = [...histogram].sort(([a], [b]) => a - b);
  let rest = q * bins.reduce((sum, [, count]) => sum + count, 0);
  for (const [bin, count] of bins) {
    rest -= count;
    if (rest <= 0) return middleOf(bin);
  }
  return Number.NaN;
}

function middleOf(bin: number): number {
  if (bin === ZERO_BIN) return 0;
  return bin === INFINITE_BIN ? Number.POSITIVE_INFINITY : 2 ** ((bin + 0.5) / PER_OCTAVE);
}
