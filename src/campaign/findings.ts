/** From what was counted to findings: every bucket's simplest case, minimized. */
import { type Batch, withUpstreamIf } from '../core/batch.ts';
import type { Finding, Origin } from '../core/finding.ts';
import { sketchOf } from '../core/kept.ts';
import { usesUpstream } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import type { Cases } from './cases.ts';
import { metBatch } from './climbs.ts';
import type { Subject } from './explore.ts';
import { type Discovered, type MinimizeOptions, minimize } from './minimize.ts';
import type { Journal } from './state.ts';
import type { Discovery, Met, Tally } from './tally.ts';

/** What else {@link findingsOf} needs. */
export interface FindingsOptions extends MinimizeOptions {
  readonly cases: Cases;
  readonly journal?: Journal | undefined;
  /** Called after each. */
  readonly onFinding: () => void;
}

/**
 * The findings of target number `t`, one a bucket, in the order of the buckets' names. What the journal has is not
 * minimized again, and it gets what was.
 */
export async function findingsOf(
  t: number,
  { target }: Subject,
  { discoveries }: Tally,
  { cases, journal, onFinding, ...options }: FindingsOptions,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const bucket of [...discoveries.keys()].sort()) {
    const discovered = await discoveredOf(discoveries.get(bucket) as Discovery, target, cases);
    const kept = journal?.finding(t, bucket) ?? null;
    const isKept = kept !== null && isSame(kept.origin, discovered.origin);
    const minimized = isKept ? kept : await minimize(target, discovered, options);
    const finding = { ...minimized, worst: discovered.worst, occurrences: discovered.occurrences };
    if (!options.signal?.aborted) journal?.keep(t, bucket, finding);
    findings.push(finding);
    onFinding();
  }
  return findings;
}

async function discoveredOf(
  { signature, simplest, worst, occurrences }: Discovery,
  target: Target,
  cases: Cases,
): Promise<Discovered> {
  const { errorUlp, budgetUse } = worst;
  const { origin } = cases.at(simplest.case);
  const { operation } = signature;
  const met = async (at: Met): Promise<Batch> =>
    withUpstreamIf(usesUpstream(operation), await metBatch(at, target, operation, cases));
  return {
    batch: await met(simplest),
    origin: simplest.step === 0 ? origin : { ...origin, step: simplest.step },
    signature,
    worst: { batch: sketchOf(await met(worst)), errorUlp, budgetUse },
    occurrences,
  };
}

function isSame(a: Origin, b: Origin): boolean {
  if (a.step !== b.step) return false;
  if (a.by === 'generated' && b.by === 'generated') return a.seed === b.seed && a.case === b.case;
  if (a.by === 'saved' && b.by === 'saved') return a.file === b.file;
  return a.by === 'article' && b.by === 'article';
}
