/** What a target is known to do wrong: buckets, and how heavy their errors may be. */
import { UserError } from './errors.ts';
import { matchesBucket } from './violation.ts';

/** A bucket that does not fail a run, as long as its errors are no heavier than they were. */
export interface Known {
  /** A bucket's name, with `*` for any part: see {@link matchesBucket}. */
  readonly bucket: string;
  /** The heaviest error of it that is known; Infinity where none is too heavy. */
  readonly weight: number;
  /** So many times the weight is covered still: what is measured once varies with the batches that are drawn. */
  readonly margin: number;
}

/** What a measured weight is multiplied with before an error counts as heavier. */
export const KNOWN_MARGIN = 2;

/** How a target declares a {@link Known}: by its bucket, by its bucket and a bound, or by what was measured. */
export type DeclaredKnown = string | { readonly bucket: string; readonly weight: number };

/** The known bucket that is declared. Throws as {@link parseKnown} does. */
export function knownOf(declared: DeclaredKnown): Known {
  return typeof declared === 'string' ? parseKnown(declared) : { ...declared, margin: KNOWN_MARGIN };
}

/** The inverse of {@link knownOf}. */
export function declarationOf({ bucket, weight, margin }: Known): DeclaredKnown {
  if (weight === Number.POSITIVE_INFINITY) return bucket;
  return margin === 1 ? `${bucket} <= ${weight}` : { bucket, weight };
}

/**
 * A known bucket of errors of any weight, as a text names it, or with its bound: `softmax/zeroed/*`,
 * `crossEntropy/inaccurate/ordinary <= 1e-6`.
 * @throws UserError when the bound is no positive number.
 */
function parseKnown(text: string): Known {
  const [bucket, bound, ...rest] = text.split('<=').map((part) => part.trim());
  if (bound === undefined) return { bucket, weight: Number.POSITIVE_INFINITY, margin: 1 };
  const weight = Number(bound);
  if (bound === '' || !(weight > 0) || rest.length > 0)
    throw new UserError(
      `the known bucket '${text}' has no bound behind '<='`,
      "Expected a weight above 0, as in 'crossEntropy/inaccurate/ordinary <= 1e-6'.",
    );
  return { bucket, weight, margin: 1 };
}

/** Whether errors of `weight` in `bucket` are known; and if the bucket is, but less heavy ones, how heavy those were. */
export function knownness(
  known: readonly Known[],
  bucket: string,
  weight: number,
): { readonly known: boolean; readonly exceeds: number | null } {
  const named = known.filter((each) => matchesBucket(each.bucket, bucket));
  if (named.some((each) => weight <= each.weight * each.margin)) return { known: true, exceeds: null };
  const heaviest = Math.max(...named.map((each) => each.weight));
  return { known: false, exceeds: named.length === 0 ? null : heaviest };
}
