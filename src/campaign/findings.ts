/** From what was counted to findings: every bucket's simplest case, minimized. */
import { compareSimplicity } from '../arbitraries/simplicity.ts';
import { withUpstreamIf } from '../core/batch.ts';
import type { Finding, Origin } from '../core/finding.ts';
import { sketchOf } from '../core/kept.ts';
import { usesUpstream } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import type { Cases } from './cases.ts';
import { metBatch } from './climbs.ts';
import type { Subject } from './explore.ts';
import { type Discovered, type MinimizeOptions, minimize } from './minimize.ts';
import type { Journal } from './state.ts';
import type { Discovery, Tally } from './tally.ts';
import { createTurns, type Turns } from './turns.ts';

/** What else {@link findingsOf} needs. */
export interface FindingsOptions extends Omit<MinimizeOptions, 'pause'> {
  readonly cases: Cases;
  readonly journal?: Journal | undefined;
  /** In which the buckets are minimized, of all targets. @defaultValue one after the other */
  readonly turns?: Turns | undefined;
  /** Once aborted, the journal gets no more: it is left as if the process had been killed. */
  readonly interrupt?: AbortSignal | undefined;
  /** Called after each. */
  readonly onFinding: () => void;
}

/**
 * The findings of target number `t`, one a bucket, in the order of the buckets' names. What the journal has is not
 * minimized again, unless it was cut and there is time now, and it gets what was.
 */
export function findingsOf(
  t: number,
  { target }: Subject,
  { discoveries }: Tally,
  {
    cases,
    journal,
    interrupt,
    onFinding,
    turns = createTurns(() => Number.POSITIVE_INFINITY),
    ...options
  }: FindingsOptions,
): Promise<Finding[]> {
  const { signal } = options;
  const findingOf = async (bucket: string, turned: MinimizeOptions): Promise<Finding> => {
    const { discovered, isMet } = await discoveredOf(
      discoveries.get(bucket) as Discovery,
      target,
      cases,
      signal,
    );
    const { worst, first, occurrences } = discovered;
    const kept = journal?.finding(t, bucket) ?? null;
    const same = kept !== null && isSame(kept.origin, discovered.origin) ? kept : null;
    const isDone = same !== null && (!same.shrink.cut || signal?.aborted);
    const minimized = isDone
      ? same
      : await minimize(target, discovered, isMet ? turned : { ...turned, ...atOnce });
    const best = same?.shrink.cut && isCutBefore(minimized, same) ? same : minimized;
    return { ...best, worst, first, occurrences };
  };
  return Promise.all(
    [...discoveries.keys()].sort().map((bucket) =>
      turns.take(async (pause) => {
        const finding = await findingOf(bucket, { ...options, pause });
        if (!interrupt?.aborted) journal?.keep(t, bucket, finding);
        onFinding();
        return finding;
      }),
    ),
  );
}

/** For a batch that is not the one that was met: nothing is asked of it. */
const atOnce: Pick<MinimizeOptions, 'signal' | 'halt'> = {
  signal: AbortSignal.abort(),
  halt: AbortSignal.abort(),
};

/** Whether shrinking was cut before it came as far as it had come another time. */
function isCutBefore({ shrink, batch }: Finding, other: Finding): boolean {
  return shrink.cut === true && compareSimplicity(other.batch, batch) < 0;
}

/**
 * What was met, to be minimized. Where the signal is aborted before a climb is repeated, the batch is not the one that was met,
 * but that from which the climb started; and of a worst case nothing is known then.
 */
async function discoveredOf(
  { signature, simplest, worst, first, occurrences }: Discovery,
  target: Target,
  cases: Cases,
  signal: AbortSignal | undefined,
): Promise<{ readonly discovered: Discovered; readonly isMet: boolean }> {
  const { errorUlp, budgetUse } = worst;
  const { operation } = signature;
  const { batch: start, origin } = cases.at(simplest.case);
  const met = await metBatch(simplest, target, operation, cases, signal);
  const batch = withUpstreamIf(usesUpstream(operation), met ?? start);
  const worstBatch = await metBatch(worst, target, operation, cases, signal);
  return {
    isMet: met !== null,
    discovered: {
      batch,
      origin: simplest.step === 0 ? origin : { ...origin, step: simplest.step },
      first: first === simplest.case ? undefined : cases.at(first).origin,
      signature,
      worst:
        worstBatch === null
          ? { batch: sketchOf(batch), errorUlp: Number.NaN, budgetUse: Number.POSITIVE_INFINITY }
          : {
              batch: sketchOf(withUpstreamIf(usesUpstream(operation), worstBatch)),
              errorUlp,
              budgetUse,
            },
      occurrences,
    },
  };
}

function isSame(a: Origin, b: Origin): boolean {
  if (a.step !== b.step) return false;
  if (a.by === 'generated' && b.by === 'generated') return a.seed === b.seed && a.case === b.case;
  if (a.by === 'saved' && b.by === 'saved') return a.file === b.file;
  return a.by === 'article' && b.by === 'article';
}
