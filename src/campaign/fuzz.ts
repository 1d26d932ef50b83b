/** A whole campaign: explore, then minimize what was found. */
import type { BatchOptions } from '../arbitraries/generate.ts';
import type { Batch } from '../core/batch.ts';
import { UserError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { operationsOf } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { type Cases, casesOf } from './cases.ts';
import { createExplorer, type Explored, type Explorer } from './explore.ts';
import { type FindingsOptions, findingsOf } from './findings.ts';
import { createLedger, type Ledger, type Progress } from './ledger.ts';
import { powerOf, workFor } from './power.ts';
import { missing, type Range, sizeOf } from './ranges.ts';
import { type Run, resultOf, type TargetResult } from './result.ts';
import { runRanges } from './run-ranges.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { blocksOf, DEFAULT_RUNS, runsOf, type Shard, whole } from './shard.ts';
import { sizesFor } from './sizes.ts';
import type { Journal } from './state.ts';
import { drawnFor, type Subject } from './subject.ts';
import { emptyTally } from './tally.ts';
import { createTurns } from './turns.ts';
import { abortAfter, unlessAborted } from './unless-aborted.ts';

/** Which campaign to run. */
export interface FuzzOptions {
  /** Any integer; the same seed and options give the same findings. */
  readonly seed: number;
  /** Generated cases, on top of the given ones. @defaultValue {@link DEFAULT_RUNS}, or without limit where maxTimeMs is given */
  readonly runs?: number | undefined;
  /** How long all of it may take: see schedule.ts. */
  readonly maxTimeMs?: number | undefined;
  /** How long shrinking may take, and no more than it needs. @defaultValue a quarter of maxTimeMs, or no limit */
  readonly shrinkTimeMs?: number | undefined;
  /** Only these operations. @defaultValue all that a target has */
  readonly operations?: readonly Operation[] | undefined;
  /** Shapes and families of the generated batches. Upstream values are drawn where an operation needs them, and only there. */
  readonly generation?: BatchOptions | undefined;
  /** The share of cases in which decimal.js judges every number; a disagreement with double precision throws. @defaultValue 0 */
  readonly audit?: number | undefined;
  /** Batches to try before the generated ones. */
  readonly saved?: readonly { readonly batch: Batch; readonly file: string }[] | undefined;
  /** Whether to tell of each target that holds which known faults its batches would have found, which takes some two seconds more. @defaultValue false */
  readonly power?: boolean | undefined;
  /** Called as the campaign goes on, a few times a second at most. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Once aborted, exploring ends, findings stay as simple as they are, and all of it within two seconds. */
  readonly signal?: AbortSignal | undefined;
}

/** How a campaign is run, by a program that starts processes and keeps files. */
export interface Surroundings {
  /** The part of the campaign to run. @defaultValue all of it */
  readonly shard?: Shard | undefined;
  /** Other processes that explore the generated cases. @defaultValue none: this one does */
  readonly pool?: Pool | undefined;
  /** What an earlier process left, and where to keep what is done. */
  readonly journal?: Journal | undefined;
}

/** Processes that explore. */
export interface Pool {
  readonly explore: Explorer;
  /** How many ranges to give them at once. */
  readonly lanes: number;
}

/** How long this process explores in one go, in ms: so long a Ctrl-C may wait. */
const SLICE_MS = 50;

/** How long what explores is waited for once the campaign is interrupted, and how long what shrinks, in ms. */
const LAST_CASES_MS = 300;
const LAST_ANSWERS_MS = 600;

/**
 * Judges every target on the same cases and minimizes what goes wrong.
 * @throws UserError when there is nothing to run, no target or one without any of the operations, or no shape that all take.
 */
export async function fuzz(
  targets: readonly Target[],
  options: FuzzOptions,
  { shard = whole, pool, journal }: Surroundings = {},
): Promise<Run> {
  const { seed, saved = [], signal } = options;
  const schedule = scheduleOf(options);
  const generation = sizesFor(targets, options.generation ?? {});
  const subjects = targets.map((target) => ({ target, operations: chosenOperations(target, options) }));
  const cases = casesOf({ seed, saved, generation: { ...generation, ...drawnFor(subjects) } });
  const ledger = createLedger(targets.length, journal, options.onProgress);
  await explore(subjects, cases, ledger, schedule, options, { shard, pool });
  if (shard.count === 1 && ledger.state().done.length === 0 && !signal?.aborted)
    throw new UserError('nothing was run', 'Give --runs or --max-time.');
  ledger.save();

  const findings = await shrinkAll(subjects, cases, ledger, schedule, {
    signal,
    journal,
    generation,
    isShard: shard.count > 1,
  });
  const found = subjects.map(({ target, operations }, t) =>
    resultOf(target, operations, ledger.state().tallies[t], findings[t]),
  );
  const interrupted = signal?.aborted ?? false;
  ledger.save(!interrupted);
  // Time that a campaign which goes on has for exploring again.
  const results =
    options.power && shard.count === 1
      ? await withPower(found, subjects, cases, ledger.state().done, options)
      : found;
  const { maxTimeMs = null, shrinkTimeMs = null } = options;
  const { rows = null, cols = null } = generation;
  return {
    seed,
    limits: { runs: finiteOrNull(runsOfOptions(options)), maxTimeMs, shrinkTimeMs, rows, cols },
    // What the journal says too, whose run may be reported again.
    elapsedMs: ledger.state().elapsedMs,
    interrupted,
    shard: shard.count === 1 ? undefined : shard,
    targets: results,
  };
}

/** Runs the cases of a shard that the ledger does not have yet, the given ones here, and the generated ones in the pool if there is one. */
async function explore(
  subjects: readonly Subject[],
  cases: Cases,
  ledger: Ledger,
  schedule: Schedule,
  options: FuzzOptions,
  { shard, pool }: { readonly shard: Shard; readonly pool: Pool | undefined },
): Promise<void> {
  const { signal } = options;
  const gone = abortAfter(Number.POSITIVE_INFINITY, signal, LAST_CASES_MS);
  const here = { explore: createExplorer(subjects, cases, SLICE_MS, options.audit), lanes: 1 };
  const given: Range = [shard.index === 1 ? -cases.given : 0, 0];
  const runs = runsOfOptions(options);
  const total = finiteOrNull(runsOf(shard, runs));
  const add = (explored: Explored): void => {
    ledger.add(explored);
    const done = sizeOf(ledger.state().done) + given[0];
    ledger.tick({ phase: 'exploring', done: Math.max(0, done), total });
  };
  const timeLeft = (): number => schedule.exploring(ledger.buckets() > 0) - ledger.elapsedMs();
  const isOver = (): boolean => signal?.aborted === true || timeLeft() <= 0;
  const nothing = ([from]: Range): Explored => ({
    range: [from, from],
    tallies: subjects.map(() => emptyTally),
  });
  /** What the explorer makes of a range in the time that is left, or nothing where it is interrupted and goes on for too long. */
  const within =
    (explorer: Explorer) =>
    async (range: Range): Promise<Explored> => {
      const limit = { until: Date.now() + timeLeft(), first: ledger.state().done.length === 0 };
      const explored = explorer(range, limit, signal).catch((error) => {
        // What ends this process may end those of the pool too, and a moment earlier.
        if (!signal?.aborted) throw error;
        return nothing(range);
      });
      return (await unlessAborted(explored, gone)) ?? nothing(range);
    };
  const { done } = ledger.state();
  const isFirst = (): boolean => ledger.state().done.length === 0 && !gone.aborted;
  await runRanges(missing(given, done), {
    ...here,
    explore: within(here.explore),
    add,
    isOver: () => isOver() && !isFirst(),
  });
  await runRanges(missingOf(blocksOf(shard, runs), done), {
    lanes: pool?.lanes ?? here.lanes,
    explore: within(pool?.explore ?? here.explore),
    add,
    isOver,
  });
}

/** The findings of each target, minimized as far as there is time. */
function shrinkAll(
  subjects: readonly Subject[],
  cases: Cases,
  ledger: Ledger,
  { shrinking, causes, renewing, asking }: Schedule,
  { signal, ...options }: Pick<FindingsOptions, 'signal' | 'journal' | 'generation' | 'isShard'>,
): Promise<Finding[][]> {
  const exploredMs = ledger.elapsedMs();
  const until = shrinking(exploredMs);
  const from = (end: number, afterSignalMs: number): AbortSignal =>
    abortAfter(end - ledger.elapsedMs(), signal, afterSignalMs);
  let shrunk = 0;
  const tick = (bucket?: string): void =>
    ledger.tick({ phase: 'shrinking', done: shrunk, total: ledger.buckets(), ...(bucket && { bucket }) });
  const onFinding = (): void => {
    shrunk++;
    tick();
  };
  const all: FindingsOptions = {
    ...options,
    cases,
    turns: createTurns(() => until - ledger.elapsedMs()),
    signal: from(until, 0),
    causes: from(causes(exploredMs), 0),
    interrupt: signal,
    hurry: from(renewing, 0),
    halt: from(asking, LAST_ANSWERS_MS),
    onFinding,
    onShrinking: tick,
  };
  return Promise.all(subjects.map((subject, t) => findingsOf(t, subject, ledger.state().tallies[t], all)));
}

/** The results with what the batches of each target that holds find of known faults; without it where that is interrupted. */
async function withPower(
  results: readonly TargetResult[],
  subjects: readonly Subject[],
  cases: Cases,
  done: readonly Range[],
  { maxTimeMs, signal }: Pick<FuzzOptions, 'maxTimeMs' | 'signal'>,
): Promise<TargetResult[]> {
  const holding = results.filter(({ verdict }) => verdict === 'held').length;
  const work = workFor(maxTimeMs) / holding;
  const all: TargetResult[] = [];
  for (const [t, result] of results.entries()) {
    const power =
      result.verdict === 'held' && !signal?.aborted
        ? await powerOf(subjects[t], cases, done, { work, signal })
        : null;
    all.push(power === null ? result : { ...result, power });
  }
  return all;
}

/** How many cases are generated, over all shards. */
export function runsOfOptions({ runs, maxTimeMs }: Pick<FuzzOptions, 'runs' | 'maxTimeMs'>): number {
  return runs ?? (maxTimeMs === undefined ? DEFAULT_RUNS : Number.POSITIVE_INFINITY);
}

/**
 * The target's operations among those that the options name.
 * @throws UserError when there are none.
 */
export function chosenOperations(
  target: Target,
  { operations }: Pick<FuzzOptions, 'operations'>,
): Operation[] {
  const offered = operationsOf(target.kernel);
  const chosen =
    operations === undefined ? offered : offered.filter((operation) => operations.includes(operation));
  if (chosen.length === 0) {
    throw new UserError(
      `${target.name} has no ${operations?.join(', ')}`,
      `It offers ${offered.join(', ')}.`,
    );
  }
  return chosen;
}

function* missingOf(ranges: Iterable<Range>, done: readonly Range[]): Generator<Range> {
  for (const range of ranges) yield* missing(range, done);
}

function finiteOrNull(count: number): number | null {
  return Number.isFinite(count) ? count : null;
}
