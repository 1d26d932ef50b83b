/**
 * From which batches of a bucket shrinking starts: the simplest that was met, and the heaviest where that is another matter. A
 * loss that is off by 1e-7 where 0 is exact may share its bucket with one that is off by half, and the simplest batch shows
 * the first alone.
 */
import type { ErrorSize } from '../../core/error-size.ts';
import { binOf, type Histogram } from '../../core/histogram.ts';
import { NEGLIGIBLE } from '../../core/known.ts';
import type { Discovery, Met } from '../explore/tally.ts';

/** Errors are one matter where the heavier is at most so many times the lighter. */
const ONE_MATTER = 16;

/** Whether an error of weight `a` is another matter than one of weight `b`. */
export function isHeavier(a: number, b: number): boolean {
  return a > ONE_MATTER * Math.max(b, NEGLIGIBLE);
}

/**
 * The least weight that an error may have when its batch has been shrunk: the next power of 16 below its own, so that starts of
 * about the same weight end at the same batch; 0 where it is negligible. Of a weight of 1, an answer as wrong as a guess, that is 1/16.
 */
export function leastWeight(weight: number): number {
  if (!(weight >= NEGLIGIBLE)) return 0;
  return Math.max(NEGLIGIBLE, ONE_MATTER ** (Math.ceil(Math.log2(weight) / Math.log2(ONE_MATTER)) - 1));
}

/** Where shrinking starts, and the part of its bucket that the finding stands for. */
export interface Start {
  readonly at: Met & ErrorSize;
  readonly worst: Met & ErrorSize;
  readonly occurrences: number;
  readonly weights: Histogram;
  /** Whether it is the heavier of two. */
  readonly isHeaviest: boolean;
}

/**
 * One start, or two where the heaviest error is another matter than that of the simplest batch, or where `both` are wanted: of
 * a shard, whose simplest batch may not be the campaign's.
 */
export function startsOf({ simplest, worst, occurrences, weights }: Discovery, both = false): Start[] {
  const isOther = simplest.case !== worst.case || simplest.step !== worst.step;
  const isTwo = isHeavier(worst.weight, simplest.weight) || (both && Number.isFinite(worst.weight));
  if (!(isOther && isTwo)) return [{ at: simplest, worst, occurrences, weights, isHeaviest: false }];
  const from = binOf(worst.weight / ONE_MATTER);
  const lighter = part(weights, (bin) => bin < from);
  const heavier = part(weights, (bin) => bin >= from);
  return [
    { at: simplest, worst: simplest, ...lighter, isHeaviest: false },
    { at: worst, worst, ...heavier, isHeaviest: true },
  ];
}

function part(weights: Histogram, isIn: (bin: number) => boolean): Pick<Start, 'occurrences' | 'weights'> {
  const counts = new Map([...weights].filter(([bin]) => isIn(bin)));
  const occurrences = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { occurrences, weights: counts };
}
