/** Ways to add a row in FP32. */
import { exp32, f32, maxOf, sumOf } from './parts.ts';

/** Neighbors added in rounds: a value goes through ceil(log2 n) additions. */
export function pairwiseSum(values: Float32Array): number {
  if (values.length <= 2) return sumOf(values);
  const half = Math.ceil(values.length / 2);
  return f32(pairwiseSum(values.subarray(0, half)) + pairwiseSum(values.subarray(half)));
}

/** Value i in lane i mod `lanes`, the last ones under a mask; then the lanes pairwise. */
export function laneSum(lanes: number): (values: Float32Array) => number {
  return (values) => {
    const sums = new Float32Array(lanes);
    for (let i = 0; i < values.length; i++) sums[i % lanes] += values[i];
    return pairwiseSum(sums);
  };
}

/** Kahan's own: the compensation goes into the next addition, and the last one is left out. */
export function kahanSum(values: Float32Array): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const corrected = f32(value - lost);
    const next = f32(sum + corrected);
    lost = f32(f32(next - sum) - corrected);
    sum = next;
  }
  return sum;
}

/** Full vectors of 8 in lanes, then what is left one by one. */
export function vectorSum(values: Float32Array): number {
  const full = values.length & ~7;
  const tail = values.subarray(full);
  return tail.reduce((sum, value) => f32(sum + value), laneSum(8)(values.subarray(0, full)));
}

/** The weights but for the first that is 1: the maximum's own. */
export function withoutMax(weights: Float32Array): Float32Array {
  const at = weights.indexOf(1);
  return weights.filter((_, i) => i !== at);
}

/** Blocks of `size` in one accumulator each, then those in another. */
export function blockSum(size: number): (values: Float32Array) => number {
  return (values) => {
    let sum = 0;
    for (let k = 0; k < values.length; k += size) sum = f32(sum + sumOf(values.subarray(k, k + size)));
    return sum;
  };
}

/** How an online sum goes from one block of a row to the next. */
export interface OnlineSteps {
  /** Logits in a block. */
  readonly block: number;
  /** What the sum so far is multiplied by when the maximum goes from `old` to `max`. */
  readonly rescale: (old: number, max: number) => number;
  /** Whether a block is left out. */
  readonly skips: (max: number, last: boolean) => boolean;
}

const correct: OnlineSteps = {
  block: 1,
  rescale: (old, max) => exp32(f32(old - max)),
  // Nothing but masked logits so far: max - max would be NaN.
  skips: (max) => max === Number.NEGATIVE_INFINITY,
};

/**
 * Sum of e^(x - max) in one pass with a running maximum (Milakov and Gimelshein, arXiv 1805.02867), right but for
 * `changes`.
 */
export function onlineSum(changes: Partial<OnlineSteps> = {}): (logits: Float32Array) => number {
  const { block, rescale, skips } = { ...correct, ...changes };
  return (logits) => {
    let max = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let start = 0; start < logits.length; start += block) {
      const x = logits.subarray(start, start + block);
      const next = Math.max(max, maxOf(x));
      if (skips(next, start + block >= logits.length)) continue;
      const own = sumOf(x.map((each) => exp32(f32(each - next))));
      sum = f32(f32(sum * rescale(max, next)) + own);
      max = next;
    }
    return sum;
  };
}
