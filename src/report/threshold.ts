/**
 * Why a failure begins where it does: the known threshold at its boundary. What the logits alone suggest, the trigger, is no reason
 * where the boundary is elsewhere: a kernel in FP64 overflows at 709.78, and not at 88.72.
 */
import { rowOf } from '../core/batch.ts';
import type { Boundary, Finding } from '../core/finding.ts';
import { MAX_FINITE } from '../float32/constants.ts';

/** A real number at which an implementation in some format changes, and what happens from there on. */
interface Threshold {
  readonly at: number;
  readonly words: string;
}

/** Of a logit itself. The logarithms are those of a format's largest number, and of half its smallest. */
const ofLogits: readonly Threshold[] = [
  { at: Math.log(2 ** 128 * (1 - 2 ** -25)), words: 'exp of a logit overflows FP32 (88.72284 and above)' },
  { at: -150 * Math.LN2, words: 'exp of a logit rounds to 0 in FP32 (-103.972084 and below)' },
  { at: -126 * Math.LN2, words: 'exp of a logit is subnormal in FP32 (-87.33655 and below)' },
  { at: 128 * Math.LN2 + Math.log1p(-(2 ** -9)), words: 'exp of a logit overflows BF16 (88.7209 and above)' },
  { at: Math.log(65520), words: 'exp of a logit overflows FP16 (11.0899 and above)' },
  { at: -25 * Math.LN2, words: 'exp of a logit rounds to 0 in FP16 (-17.3287 and below)' },
  { at: 65520, words: 'a logit overflows FP16 (65520 and above)' },
  { at: -65520, words: 'a logit overflows FP16 (-65520 and below)' },
  { at: Math.log(Number.MAX_VALUE), words: 'exp of a logit overflows FP64 (709.7827 and above)' },
  { at: -1075 * Math.LN2, words: 'exp of a logit rounds to 0 in FP64 (-745.1332 and below)' },
  { at: 2 ** 24, words: 'from 2^24 on, FP32 has no fractions and not every integer' },
  { at: -(2 ** 24), words: 'from -2^24 on, FP32 has no fractions and not every integer' },
];

/** Of a logit less the row's maximum. */
const ofGaps: readonly Threshold[] = [
  {
    at: -150 * Math.LN2,
    words: 'exp of the distance to the maximum rounds to 0 in FP32 (103.972084 and more)',
  },
  {
    at: -126 * Math.LN2,
    words: 'exp of the distance to the maximum is subnormal in FP32 (87.33655 and more)',
  },
  {
    at: -24 * Math.LN2,
    words: 'a weight is lost beside the maximum’s 1 in FP32 (16.6355 below it and more)',
  },
  { at: -25 * Math.LN2, words: 'exp of the distance to the maximum rounds to 0 in FP16 (17.3287 and more)' },
  {
    at: -1075 * Math.LN2,
    words: 'exp of the distance to the maximum rounds to 0 in FP64 (745.1332 and more)',
  },
];

/** What more numbers make of the same ones. */
export const SUM_OVERFLOW = 'each exp is finite, but their sum overflows FP32';

/** The threshold between the two sides of the finding's boundary in words, or null where there is none, or no boundary. */
export function reasonAtBoundary({ batch, boundary }: Pick<Finding, 'batch' | 'boundary'>): string | null {
  if (boundary === null || !Number.isFinite(boundary.passes + boundary.fails)) return null;
  const col = boundary.cell % batch.cols;
  const row = rowOf(batch, Math.floor(boundary.cell / batch.cols));
  const threshold = between(ofLogits, boundary, 0) ?? between(ofGaps, boundary, maximumBut(row, col));
  if (threshold !== undefined) return threshold.words;
  const overflows = (x: number): boolean => sumOfExp(row.with(col, x)) > MAX_FINITE;
  return overflows(boundary.fails) && !overflows(boundary.passes) ? SUM_OVERFLOW : null;
}

/**
 * The first threshold between `passes - origin` and `fails - origin`, differences rounded as FP32 rounds them, beyond which it fails: what passes beyond one has
 * another reason to fail before it.
 */
function between(
  thresholds: readonly Threshold[],
  { passes, fails }: Boundary,
  origin: number,
): Threshold | undefined {
  const [near, far] = [passes, fails].map((x) => Math.fround(x - origin));
  return thresholds.find(({ at }) => (at > 0 ? near <= at && at <= far : far <= at && at <= near));
}

function maximumBut(row: Float32Array, col: number): number {
  return row.reduce((max, x, k) => (k === col ? max : Math.max(max, x)), Number.NEGATIVE_INFINITY);
}

function sumOfExp(row: Float32Array): number {
  return row.reduce((sum, x) => sum + Math.exp(x), 0);
}
