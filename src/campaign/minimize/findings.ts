/** From what was counted to findings: every bucket's simplest case, minimized. */
import { compareSimplicity } from '../../arbitraries/simplicity.ts';
import type { Finding, Origin } from '../../core/finding.ts';
import { medianOf } from '../../core/histogram.ts';
import { bucketOf, propertyOf, type Signature } from '../../core/violation.ts';
import { withShown } from '../explain/buckets-shown.ts';
import { createConnect } from '../explain/connected.ts';
import { createDiagnose } from '../explain/witnesses.ts';
import type { Cases } from '../explore/cases.ts';
import type { Tally } from '../explore/tally.ts';
import { isBehind } from '../merge.ts';
import type { Journal } from '../state.ts';
import type { Subject } from '../subject.ts';
import { createTurns, type Pause, type Turns } from '../turns.ts';
import { discoveredOf, type Started } from './discovered.ts';
import { createLearned } from './earlier-results.ts';
import type { MinimizeOptions } from './inquiry.ts';
import { minimize } from './minimize.ts';
import { createProofs } from './proofs.ts';
import { createSequences } from './sequences.ts';
import { startsOf } from './starts.ts';
import { createVerdicts } from './verdicts.ts';
import { failuresWithoutOptions, isAnother } from './without-options.ts';

/** What else {@link findingsOf} needs. */
export interface FindingsOptions
  extends Omit<MinimizeOptions, 'pause' | 'proofs' | 'verdicts' | 'learned' | 'sequences'> {
  readonly cases: Cases;
  readonly journal?: Journal | undefined;
  /** Whether what is found will be put together with other parts of the campaign. */
  readonly isShard?: boolean | undefined;
  /** In which the buckets are minimized, of all targets. @defaultValue one after the other */
  readonly turns?: Turns | undefined;
  /** Once aborted, the journal gets no more: it is left as if the process had been killed. */
  readonly interrupt?: AbortSignal | undefined;
  /** Called before each evaluation, with the bucket that it is for. */
  readonly onShrinking?: ((bucket: string) => void) | undefined;
  /** Called after each. */
  readonly onFinding: () => void;
}

/**
 * The findings of target number `t`, one or two a bucket, in the order of the buckets' names. What the journal has is not
 * minimized again, unless it was cut and there is time now, and it gets what was.
 */
export async function findingsOf(
  t: number,
  subject: Subject,
  { discoveries }: Tally,
  {
    cases,
    journal,
    isShard,
    interrupt,
    onFinding,
    onShrinking,
    turns = createTurns(() => Number.POSITIVE_INFINITY),
    ...options
  }: FindingsOptions,
): Promise<Finding[]> {
  const { signal } = options;
  const shared = {
    proofs: createProofs(),
    verdicts: createVerdicts(),
    learned: createLearned(),
    sequences: createSequences(),
  };
  const withCauses = createDiagnose(subject, options.generation);
  const withConnections = createConnect(subject, options.generation);
  const errors: Finding[] = [];
  /** What is kept under the name, or minimized by `made`, with what is asked of it then. */
  const found = (
    name: string,
    signature: Signature,
    made: (kept: Finding | null, options: MinimizeOptions) => Promise<Finding>,
  ): Promise<Finding> =>
    turns.take(async (breathe) => {
      const pause: Pause = (isLong) => {
        onShrinking?.(bucketOf(signature));
        return breathe(isLong);
      };
      const kept = journal?.finding(t, name) ?? null;
      const minimized = await made(kept, { ...options, ...shared, pause });
      const shown = minimized.shows ? minimized : await withShown(subject, minimized, signal);
      const told = shown.causes ? shown : await withCauses(shown, signal);
      const finding = told.connected ? told : await withConnections(told, signal);
      if (finding.severity === 'error') errors.push(finding);
      if (!interrupt?.aborted) journal?.keep(t, name, finding);
      onFinding();
      return finding;
    });
  const minimizeIn = (named: Named): Promise<Finding> =>
    found(named.name, named.discovery.signature, (kept, restraints) => {
      const isSkipped = !isShard && isBehind(seen(named), errors);
      return findingOf({ ...named, kept, isSkipped }, subject, cases, restraints);
    });
  const starts = namedStarts(discoveries, isShard);
  const all = await inOrder(starts, minimizeIn);
  /** Those that the campaign as a whole has for certain, if these are its discoveries: what only they stand for need not be asked. */
  const certain = all.filter((_, k) => !isOfShard(starts[k]));
  for await (const { name, discovered } of failuresWithoutOptions(
    subject,
    certain,
    cases,
    options.causes ?? signal,
  )) {
    const finding = await found(name, discovered.signature, async (kept, restraints) =>
      kept !== null && isSame(kept.origin, discovered.origin) && !kept.shrink.cut
        ? kept
        : minimize(subject.target, discovered, restraints),
    );
    if (!isAnother(finding, certain)) continue;
    certain.push(finding);
    all.push(finding);
  }
  return all;
}

/** What a start shrinks to, and what is told of its part of the bucket; what the journal has `kept` of it where nothing more comes of it. Nothing is asked where it is skipped. */
async function findingOf(
  { kept, isSkipped, ...started }: Started & { readonly kept: Finding | null; readonly isSkipped: boolean },
  subject: Subject,
  cases: Cases,
  options: MinimizeOptions,
): Promise<Finding> {
  const { signal, causes = signal } = options;
  const { discovered, isMet } = await discoveredOf(started, subject, cases, causes);
  const { worst, first, weights, occurrences, origin } = discovered;
  const same = kept !== null && isSame(kept.origin, origin) ? kept : null;
  const isDone = same !== null && (!same.shrink.cut || signal?.aborted);
  const restrained = isMet && !isSkipped ? options : { ...options, ...atOnce };
  const minimized = isDone ? same : await minimize(subject.target, discovered, restrained);
  const best = same?.shrink.cut && isCutBefore(minimized, same) ? same : minimized;
  return { ...best, worst, first, weights, typicalWeight: medianOf(weights), occurrences };
}

/** What a discovery is told as, where it lasts. */
function seen({ discovery: { signature } }: Named): Signature & Pick<Finding, 'property'> {
  return { ...signature, property: propertyOf(signature.kind, signature.law) };
}

/**
 * The findings, in the order of the starts. A warning waits for the errors that it may stand behind: it is not told beside one (merge.ts), and then shrunk for
 * nothing.
 */
function inOrder(
  starts: readonly Named[],
  minimizeIn: (named: Named) => Promise<Finding>,
): Promise<Finding[]> {
  const isError = ({ discovery }: Named): boolean => discovery.signature.severity === 'error';
  const errors = new Map(starts.filter(isError).map((named) => [named, minimizeIn(named)]));
  const found = starts.map(async (named) => {
    const error = errors.get(named);
    if (error !== undefined) return error;
    const before = [...errors].filter(([each]) => isBehind(seen(named), [seen(each)]));
    await Promise.all(before.map(([, finding]) => finding));
    return minimizeIn(named);
  });
  return Promise.all(found);
}

/** A start of shrinking, and its name in the journal. */
interface Named extends Started {
  readonly name: string;
}

/** By the buckets' names. */
function namedStarts(discoveries: Tally['discoveries'], isShard: boolean | undefined): Named[] {
  return [...discoveries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([bucket, discovery]) =>
      startsOf(discovery, isShard).map((start) => {
        return { name: start.isHeaviest ? heaviestOf(bucket) : bucket, discovery, start };
      }),
    );
}

/** Whether it is only there because the discovery is of a shard: the campaign's may be another matter, with the simplest batch of another shard. */
function isOfShard({ discovery, start }: Named): boolean {
  return start.isHeaviest && startsOf(discovery).length === 1;
}

/** For a batch that is not the one that was met: nothing is asked of it. */
const atOnce: Pick<MinimizeOptions, 'signal' | 'causes' | 'halt'> = {
  signal: AbortSignal.abort(),
  causes: AbortSignal.abort(),
  halt: AbortSignal.abort(),
};

/** Whether shrinking was cut before it came as far as it had come another time. */
function isCutBefore({ shrink, batch }: Finding, other: Finding): boolean {
  return shrink.cut === true && compareSimplicity(other.batch, batch) < 0;
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
