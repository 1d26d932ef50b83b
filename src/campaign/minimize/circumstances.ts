/** What is told of a failure beside its input: with which size it begins, what it needs that no logit tells, by what its answers are multiplied. */
import type { Batch } from '../../core/batch.ts';
import type { Finding } from '../../core/finding.ts';
import type { Answer } from '../../core/kept.ts';
import { bucketOf } from '../../core/violation.ts';
import { sizeBoundary } from '../../shrink/sizes.ts';
import { factorOf } from './factor.ts';
import { type NeedsQuestions, needsOf } from './needs.ts';

/** See the fields of a {@link Finding}. */
export type Circumstances = Pick<Finding, 'sizeBoundary' | 'needs' | 'factor'>;

/** A failure, and how it is asked for. */
export interface CircumstanceQuestions extends NeedsQuestions {
  /** Columns are a multiple of it. */
  readonly step: number;
  /** An answer to a batch, and the exact one; null where there is none. */
  readonly answers: (batch: Batch) => Promise<{ readonly got: Float32Array; readonly exact: Answer } | null>;
  /** Numbers that are computed in two right ways are no further apart, relative. */
  readonly alike: number;
}

/** The circumstances of a failure that lasts. With which size a refusal begins may be `known`. */
export async function circumstancesOf(
  batch: Batch,
  questions: CircumstanceQuestions,
  known: Finding['sizeBoundary'] | null = null,
): Promise<Circumstances> {
  const { bucket, violations, takes, step, alike, answers } = questions;
  const fails = async (other: Batch): Promise<boolean> =>
    (await violations(other)).some((each) => bucketOf(each) === bucket);
  const size = known ?? (await sizeBoundary(batch, { fails, takes, step }));
  const needs = await needsOf(batch, questions);
  const factor = await factorOf(batch, alike, async (other) => (takes(other) ? answers(other) : null));
  return {
    ...(size !== null && { sizeBoundary: size }),
    ...(needs.length > 0 && { needs }),
    ...(factor !== null && { factor }),
  };
}
