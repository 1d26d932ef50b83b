/**
 * What a target is known to do wrong: buckets, and how heavy their errors may be.
 *
 * How heavy the heaviest of a bucket is varies with the batches that are drawn: of unchanged kernels, every seventh bucket had an error
 * over twice as heavy with another seed. So a weight that a run measured says of how many cases it was the heaviest. If n
 * cases of the one run and m of the other are drawn alike, any order of their weights is as likely as any other, and that the
 * k heaviest are all of the other run has the probability
 *
 *     m/(n+m) (m-1)/(n+m-1) ... (m-k+1)/(n+m-k+1)
 *
 * whatever the weights' distribution is. Heavier errors are new where this is below {@link CHANCE}.
 */
import { UserError } from '../text/errors.ts';
import { unknownName } from '../text/nearest.ts';
import { binOf, type Histogram } from './histogram.ts';
import { operations } from './operation.ts';
import { kinds, matchesBucket, propertyOf } from './violation.ts';

/** A bucket that does not fail a run, as long as its errors are no heavier than they were. */
export interface Known {
  /** A bucket's name, with `*` for any part: see {@link matchesBucket}. */
  readonly bucket: string;
  /** The heaviest error of it that is known; Infinity where none is too heavy. */
  readonly weight: number;
  /** So many times the weight is covered still. */
  readonly margin: number;
  /** Of how many cases the weight is the heaviest; null where it is a bound that somebody set. */
  readonly occurrences: number | null;
}

/** What a measured weight is multiplied with before an error counts as heavier. */
const MEASURED_MARGIN = 2;

/** One ULP of the answer's unit: of weights below it, none matters more than another. */
export const NEGLIGIBLE = 2 ** -24;

/** How unlikely heavier errors have to be by chance alone to be new. */
const CHANCE = 1e-3;

/** How a target declares a {@link Known}: by its bucket, by its bucket and a bound, or by what was measured. */
export type DeclaredKnown =
  | string
  | { readonly bucket: string; readonly weight: number; readonly occurrences?: number | undefined };

/**
 * The known bucket that is declared: of errors of any weight, as a text names it, or with its bound,
 * `crossEntropy/inaccurate/ordinary <= 1e-6`; or with the weight that was measured.
 * @throws UserError when a bound is no positive number.
 */
export function knownOf(declared: DeclaredKnown): Known {
  if (typeof declared === 'string') return parseKnown(declared);
  const { bucket, weight, occurrences = null } = declared;
  checkPattern(bucket);
  return { bucket, weight, margin: MEASURED_MARGIN, occurrences };
}

/** The inverse of {@link knownOf}. */
export function declarationOf({ bucket, weight, margin, occurrences }: Known): DeclaredKnown {
  if (weight === Number.POSITIVE_INFINITY) return bucket;
  if (margin === 1) return `${bucket} <= ${weight}`;
  return { bucket, weight, ...(occurrences !== null && { occurrences }) };
}

/** Throws of a pattern that no bucket matches: of an unknown operation or kind, or without the trigger that others of its kind have. */
function checkPattern(bucket: string): void {
  const [operation, kind = '*', ...rest] = bucket.split('/');
  if (operation !== '*' && !operations.some((each) => each === operation))
    throw unknownName('operation', operation, operations);
  if (kind === '*') return;
  const known = kinds.find((each) => each === kind);
  if (known === undefined) throw unknownName('kind', kind, kinds);
  const isWhole = ['contract', 'repeatable'].includes(propertyOf(known));
  if (rest.length === 0 && !isWhole)
    throw new UserError(
      `the known bucket '${bucket}' has no trigger, and matches nothing`,
      `'${bucket}/*' matches those of every trigger.`,
    );
}

function parseKnown(text: string): Known {
  const [bucket, bound, ...rest] = text.split('<=').map((part) => part.trim());
  const known = { bucket, margin: 1, occurrences: null };
  const weight = bound === undefined ? Number.POSITIVE_INFINITY : Number(bound);
  if (bound === '' || !(weight > 0) || rest.length > 0)
    throw new UserError(
      `the known bucket '${text}' has no bound behind '<='`,
      "Expected a weight above 0, as in 'crossEntropy/inaccurate/ordinary <= 1e-6'.",
    );
  checkPattern(bucket);
  return { ...known, weight };
}

/** Whether errors in `bucket` of these weights, `worst` the heaviest, are known; and if lighter ones are, how heavy those were. */
export function knownness(
  known: readonly Known[],
  bucket: string,
  worst: number,
  weights: Histogram,
): { readonly known: boolean; readonly exceeds: number | null } {
  const named = known.filter((each) => matchesBucket(each.bucket, bucket));
  if (named.some((each) => covers(each, worst, weights))) return { known: true, exceeds: null };
  const heaviest = Math.max(...named.map(({ weight }) => weight));
  return { known: false, exceeds: named.length === 0 ? null : heaviest };
}

function covers({ weight, margin, occurrences }: Known, worst: number, weights: Histogram): boolean {
  const bound = margin === 1 ? weight : margin * Math.max(weight, NEGLIGIBLE);
  if (worst <= bound) return true;
  return occurrences !== null && chanceOfHeavier(occurrences, weights, bound) >= CHANCE;
}

/** How likely as many of `weights` as are above `bound` are the heaviest of all by chance, beside `others` that are not. */
function chanceOfHeavier(others: number, weights: Histogram, bound: number): number {
  const limit = binOf(bound);
  let count = 0;
  let heavier = 0;
  for (const [bin, times] of weights) {
    count += times;
    if (bin > limit) heavier += times;
  }
  let chance = 1;
  for (let k = 0; k < heavier && chance >= CHANCE; k++) chance *= (count - k) / (others + count - k);
  return chance;
}
