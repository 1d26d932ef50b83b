/** A finding: one bucket of one target, with its witnesses. */
import type { Batch } from './batch.ts';
import type { Operation } from './operation.ts';
import type { Kind, Property, Severity } from './violation.ts';

/** Where a batch came from. */
export type Origin =
  | { readonly by: 'article' }
  | { readonly by: 'saved'; readonly file: string }
  | {
      readonly by: 'generated';
      readonly seed: number;
      readonly case: number;
      readonly families: readonly string[];
    };

/** Two neighbouring FP32 values of one logit: with the first the bucket's failure is absent, with the second it is there. */
export interface Boundary {
  /** Index into the logits. */
  readonly cell: number;
  readonly passes: number;
  readonly fails: number;
}

/** The batch with the largest error over its budget that a campaign met in a bucket. */
export interface Worst {
  readonly batch: Batch;
  readonly errorUlp: number;
  readonly budgetUse: number;
}

/** One way in which one target goes wrong. */
export interface Finding {
  readonly target: { readonly name: string; readonly specifier: string };
  readonly profile: string;
  readonly operation: Operation;
  readonly property: Property;
  readonly kind: Kind;
  readonly severity: Severity;
  readonly bucket: string;
  /** Whether the target declares the bucket as known. */
  readonly known: boolean;
  /** The simplest batch in the bucket. */
  readonly batch: Batch;
  /** The answer for it, or null when there was none of the right shape. */
  readonly output: Float32Array | null;
  /** The exact answer, rounded to nearest. */
  readonly expected: Float32Array;
  /** Where in the answer the error shows most, or null when the answer as a whole is wrong. */
  readonly index: number | null;
  /** The error there in ULP; NaN when it is not a number. */
  readonly errorUlp: number;
  /** The error there over what the target's profile allows. */
  readonly budgetUse: number;
  readonly detail: string | null;
  readonly boundary: Boundary | null;
  readonly worst: Worst;
  /** The batch as it was met, before shrinking. */
  readonly original: Batch;
  readonly origin: Origin;
  /** How many cases of the campaign fell into the bucket. */
  readonly occurrences: number;
  readonly shrink: { readonly evaluations: number; readonly improvements: number; readonly minimal: boolean };
}
