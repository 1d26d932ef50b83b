/** A finding: one bucket of one target, with its witnesses. */
import type { Formats } from '../formats/index.ts';
import type { Batch } from './batch.ts';
import type { Call } from './call.ts';
import type { ErrorSize } from './error-size.ts';
import type { Histogram } from './histogram.ts';
import type { Answer, Sketch } from './kept.ts';
import type { Operation } from './operation.ts';
import type { Kind, Property, Severity } from './violation.ts';

/** Where a batch came from. */
export type Origin = Source & {
  /** The step of the climb from there that met it, from 1; left out where the batch is the source's own. */
  readonly step?: number | undefined;
};

/** The article's own batch, a file's, or one that was generated: the case of that number of the seed, by these families. */
type Source =
  | { readonly by: 'article' }
  | { readonly by: 'saved'; readonly file: string }
  | {
      readonly by: 'generated';
      readonly seed: number;
      readonly case: number;
      readonly families: readonly string[];
    };

/** Two neighboring FP32 values of one logit: with the first the bucket's failure is absent, with the second it is there. */
export interface Boundary {
  /** Index into the logits. */
  readonly cell: number;
  /** The logit with which the batch is in no such bucket. */
  readonly passes: number;
  /** The logit with which it is. */
  readonly fails: number;
}

/** The size with which a failure begins, and from which on it is there at every size that was asked. */
export interface SizeBoundary {
  /** What fails beyond `passes`: rows, columns, or rows times columns; or columns that are no multiple of it. */
  readonly of: 'rows' | 'cols' | 'logits' | 'multiple';
  readonly passes: number;
}

/** A known mistake that explains a finding, and so far all else that the target was asked. */
export interface SupportedCause {
  readonly words: string;
  /** On how many further inputs a kernel with the mistake is off by some number, and the target has answered the same. */
  readonly confirmed: number;
}

/** What a failure may need that no logit of its row tells. */
export const needs = ['rows', 'offset'] as const;

/** One of {@link needs}: `rows`, no row fails like this alone; `offset`, nothing of its kind is wrong once each row has a maximum of 0. */
export type Need = (typeof needs)[number];

/**
 * What of a batch may be anything: its failure stays in its bucket, with each of the values that were tried. Other values
 * may still make it pass.
 */
export interface Explanation {
  /** How many other values each logit and each upstream value was given, alone. */
  readonly values: number;
  /** Indices into the logits of those that may be anything. */
  readonly logits: readonly number[];
  /** How many other classes each target was given, alone. */
  readonly classes: number;
  /** The rows whose target may be any class; none where the operation reads no targets. */
  readonly targets: readonly number[];
  /** Indices into the upstream values of those that may be any finite number; none where there are none. */
  readonly upstream: readonly number[];
  /** Whether all of these may be anything at once, in as many draws as there are values; null where they are fewer than two. */
  readonly together: boolean | null;
}

/** The batch of the largest weight that a campaign met in a bucket, and its error. */
export interface Worst extends ErrorSize {
  readonly batch: Sketch;
}

/** How a finding's batch came to be as simple as it is. */
export interface Shrinking {
  /** How many batches were tried. */
  readonly evaluations: number;
  /** How many of them were simpler and failed. */
  readonly improvements: number;
  /** Whether nothing simpler is known to be left to try. */
  readonly minimal: boolean;
  /** Whether time or an interrupt ended it, so that more may come of going on. */
  readonly cut?: boolean | undefined;
}

/** One way in which one target goes wrong. */
export interface Finding extends ErrorSize {
  readonly target: { readonly name: string; readonly specifier: string };
  /** The profile of the budget that it was judged by. */
  readonly profile: string;
  /** Of the target; FP32 throughout where left out. */
  readonly formats?: Formats | undefined;
  readonly operation: Operation;
  readonly property: Property;
  readonly kind: Kind;
  readonly severity: Severity;
  /** Its name, `softmax/nan/exp-overflow`. */
  readonly bucket: string;
  /** Whether the target declares the bucket as known, with errors as heavy as these. */
  readonly known: boolean;
  /** Where the bucket is known, but not errors as heavy: the heaviest that are. */
  readonly exceeds: number | null;
  /** The simplest batch in the bucket. */
  readonly batch: Batch;
  /** The calls that a new target needs before it, without which it passes; left out where it needs none. */
  readonly before?: readonly Call[] | undefined;
  /** The answer for it, or null when there was none of the right shape. */
  readonly output: Answer | null;
  /** The exact answer, rounded to nearest. */
  readonly expected: Answer;
  /** Where in the answer the error shows most, or null when the answer as a whole is wrong. */
  readonly index: number | null;
  /** What happened, in words, where numbers do not say it. */
  readonly detail: string | null;
  /** Where along one logit the failure begins; null where that was not found. */
  readonly boundary: Boundary | null;
  /** Left out where the failure does not begin with a size. */
  readonly sizeBoundary?: SizeBoundary | undefined;
  /** Left out where it needs neither, or was not asked. */
  readonly needs?: readonly Need[] | undefined;
  /** What the exact answers to the batch and to two others are multiplied by; left out where that is no one number. */
  readonly factor?: number | undefined;
  /** Null where the batch is too large, or its failure does not last. */
  readonly explanation: Explanation | null;
  readonly worst: Worst;
  /** The median of the weights of the cases that fell into the bucket, to a tenth or so. */
  readonly typicalWeight: number;
  /** The weights of all these cases; empty where a file does not tell. */
  readonly weights: Histogram;
  /** The batch as it was met, before shrinking. */
  readonly original: Sketch;
  readonly origin: Origin;
  /** Where the first case of the bucket came from, if that is another; undefined where it is not. */
  readonly first?: Origin | undefined;
  /** How many cases of the campaign fell into the bucket. */
  readonly occurrences: number;
  /** The buckets that the batch falls into by every operation of the target, its own among them; left out where that was not asked. */
  readonly shows?: readonly string[] | undefined;
  /** The buckets that it falls into by its operation as its numbers are scaled, as far as it fails all along, its own among them; left out where that was not asked. */
  readonly connected?: readonly string[] | undefined;
  /** The known mistakes that explain it; left out where that was not asked. */
  readonly causes?: readonly SupportedCause[] | undefined;
  readonly shrink: Shrinking;
}
