/** What a campaign has met, as minimizing starts from it. */
import { type Batch, withUpstreamIf } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import { sizeOf } from '../../core/error-size.ts';
import type { Origin, Worst } from '../../core/finding.ts';
import type { Histogram } from '../../core/histogram.ts';
import { sketchOf } from '../../core/kept.ts';
import { usesUpstream } from '../../core/operation.ts';
import type { Signature } from '../../core/violation.ts';
import { batchFor, type Cases } from '../explore/cases.ts';
import { metBatch } from '../explore/climbs.ts';
import { earlierCalls } from '../explore/earlier-calls.ts';
import type { Discovery } from '../explore/tally.ts';
import { logitsOf, type Subject } from '../subject.ts';
import type { Start } from './starts.ts';

/** A bucket before shrinking. */
export interface Discovered {
  readonly signature: Signature;
  /** The simplest batch met, and where it came from. */
  readonly batch: Batch;
  /** The calls that a new target is given before it. @defaultValue it is asked as it is */
  readonly before?: readonly Call[] | undefined;
  /** The calls that were made before it was met. @defaultValue none are known */
  readonly earlier?: (() => readonly Call[]) | undefined;
  readonly origin: Origin;
  /** The weight of its error: what it shrinks to has no less than `leastWeight` of it (starts.ts). */
  readonly weight: number;
  /** Where the first case of the bucket came from, if that is another. */
  readonly first?: Origin | undefined;
  readonly worst: Worst;
  readonly weights: Histogram;
  readonly occurrences: number;
}

/** A discovery, and where shrinking of it starts. */
export interface Started {
  readonly discovery: Discovery;
  readonly start: Start;
}

/**
 * What was met, to be minimized. Where the signal is aborted before a climb is repeated, the batch is not the one that was met,
 * but that from which the climb started; and of a worst case nothing is known then.
 */
export async function discoveredOf(
  { discovery, start }: Started,
  subject: Subject,
  cases: Cases,
  signal: AbortSignal | undefined,
): Promise<{ readonly discovered: Discovered; readonly isMet: boolean }> {
  const { target } = subject;
  const { signature, first } = discovery;
  const { at, worst, weights, occurrences } = start;
  const { operation } = signature;
  const its = cases.at(at.case, logitsOf(target));
  const { origin } = its;
  const forOperation = (batch: Batch): Batch => withUpstreamIf(usesUpstream(operation), batch);
  const given = batchFor(its, target, operation);
  const met = await metBatch(at, target, operation, cases, signal);
  const batch = forOperation(met ?? given);
  const { rows, cols } = batch;
  const worstBatch = await metBatch(worst, target, operation, cases, signal);
  return {
    isMet: met !== null,
    discovered: {
      batch,
      earlier: () => earlierCalls(subject, operation, at, cases),
      origin: at.step === 0 ? origin : { ...origin, step: at.step },
      first: first === at.case ? undefined : cases.at(first).origin,
      signature,
      weight: at.weight,
      worst: {
        batch: worstBatch === null ? { rows, cols } : sketchOf(forOperation(worstBatch)),
        ...sizeOf(worst),
      },
      weights,
      occurrences,
    },
  };
}
