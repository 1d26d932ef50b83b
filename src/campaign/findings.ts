/** From what was counted to findings: every bucket's simplest case, minimized. */
import { type Batch, withUpstreamIf } from '../core/batch.ts';
import { sizeOf } from '../core/error-size.ts';
import type { Finding, Origin } from '../core/finding.ts';
import { medianOf } from '../core/histogram.ts';
import { sketchOf } from '../core/kept.ts';
import { usesUpstream } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import type { Cases } from './cases.ts';
import { metBatch } from './climbs.ts';
import type { Subject } from './explore.ts';
import { type Discovered, type MinimizeOptions, minimize } from './minimize.ts';
import { type Start, startsOf } from './starts.ts';
import type { Journal } from './state.ts';
import type { Discovery, Met, Tally } from './tally.ts';

/** What else {@link findingsOf} needs. */
export interface FindingsOptions extends MinimizeOptions {
  readonly cases: Cases;
  readonly journal?: Journal | undefined;
  /** Whether what is found will be put together with other parts of the campaign. */
  readonly isShard?: boolean | undefined;
  /** Called after each. */
  readonly onFinding: () => void;
}

/**
 * The findings of target number `t`, one or two a bucket, in the order of the buckets' names. What the journal has is not
 * minimized again, and it gets what was.
 */
export async function findingsOf(
  t: number,
  { target }: Subject,
  { discoveries }: Tally,
  { cases, journal, isShard, onFinding, ...options }: FindingsOptions,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const bucket of [...discoveries.keys()].sort()) {
    const discovery = discoveries.get(bucket) as Discovery;
    for (const start of startsOf(discovery, isShard)) {
      const discovered = await discoveredOf(discovery.signature, start, target, cases);
      const key = start.isHeaviest ? heaviestOf(bucket) : bucket;
      const kept = journal?.finding(t, key) ?? null;
      const isKept = kept !== null && isSame(kept.origin, discovered.origin);
      const { worst, weights, occurrences } = discovered;
      const minimized = isKept ? kept : await minimize(target, discovered, options);
      const finding = { ...minimized, worst, weights, typicalWeight: medianOf(weights), occurrences };
      if (!options.signal?.aborted) journal?.keep(t, key, finding);
      findings.push(finding);
    }
    onFinding();
  }
  return findings;
}

async function discoveredOf(
  signature: Discovery['signature'],
  { at, worst, occurrences, weights }: Start,
  target: Target,
  cases: Cases,
): Promise<Discovered> {
  const { origin } = cases.at(at.case);
  const { operation } = signature;
  const batchAt = async (met: Met): Promise<Batch> =>
    withUpstreamIf(usesUpstream(operation), await metBatch(met, target, operation, cases));
  return {
    batch: await batchAt(at),
    origin: at.step === 0 ? origin : { ...origin, step: at.step },
    signature,
    weight: at.weight,
    worst: { batch: sketchOf(await batchAt(worst)), ...sizeOf(worst) },
    weights,
    occurrences,
  };
}

/** Under which name the journal has the finding that the heaviest case of a bucket shrank to. */
export function heaviestOf(bucket: string): string {
  return `${bucket}/heaviest`;
}

function isSame(a: Origin, b: Origin): boolean {
  if (a.step !== b.step) return false;
  if (a.by === 'generated' && b.by === 'generated') return a.seed === b.seed && a.case === b.case;
  if (a.by === 'saved' && b.by === 'saved') return a.file === b.file;
  return a.by === 'article' && b.by === 'article';
}
