/** The values that are the likeliest to carry a failure: the extremes of a batch, and small integers. */
import type { Batch } from '../../core/batch.ts';

/**
 * The integers that are tried one by one. Where an answer is merely inaccurate, failures are scattered, and only a scan
 * from the simplest on ends at the same one from every start.
 */
export const smallIntegers = Array.from({ length: 16 }, (_, index) => index + 1);

/** 0, the largest and the least finite value, and the special values that occur. */
export function extremesOf({ logits }: Batch): number[] {
  return [...new Set([0, ...finiteExtremes(logits), ...specialsOf(logits)])];
}

/** The largest and the least finite value; nothing where there is none. */
export function finiteExtremes(values: Float32Array): number[] {
  // A loop: filter and reduce make an object of each number, and a batch may have millions.
  let [largest, least] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k])) continue;
    largest = Math.max(largest, values[k]);
    least = Math.min(least, values[k]);
  }
  return Number.isFinite(largest) ? [largest, least] : [];
}

/** Those of Infinity, -Infinity and NaN that occur. */
export function specialsOf(values: Float32Array): number[] {
  return [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].filter((value) =>
    values.includes(value),
  );
}
