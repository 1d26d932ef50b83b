/** A whole campaign: explore, then minimize what was found. */
import type { BatchOptions } from '../arbitraries/generate.ts';
import type { Batch } from '../core/batch.ts';
import { operationsOf } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { UserError } from '../text/errors.ts';
import { powerOf, workFor } from './explain/power.ts';
import { type Cases, casesOf } from './explore/cases.ts';
import { exploreCases, type Pool } from './explore/exploring.ts';
import type { Range } from './explore/ranges.ts';
import { DEFAULT_RUNS, type Shard, whole } from './explore/shard.ts';
import { sizesFor } from './explore/sizes.ts';
import { createLedger, type Progress } from './ledger.ts';
import { shrinkAll } from './minimize/shrinking.ts';
import { type Run, resultOf, type TargetResult } from './result.ts';
import { scheduleOf } from './schedule.ts';
import type { Journal } from './state.ts';
import { drawnFor, type Subject } from './subject.ts';

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
  const runs = runsOfOptions(options);
  const { audit } = options;
  await exploreCases({ subjects, cases, ledger, schedule, shard, runs, audit, pool, signal });
  if (shard.count === 1 && ledger.state().done.length === 0 && !signal?.aborted)
    throw new UserError('nothing was run', 'Give --runs or --max-time.');
  ledger.save();

  const isShard = shard.count > 1;
  const shrinking = { cases, signal, journal, generation, isShard };
  const findings = await shrinkAll(subjects, ledger, schedule, shrinking);
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
    limits: { runs: Number.isFinite(runs) ? runs : null, maxTimeMs, shrinkTimeMs, rows, cols },
    // What the journal says too, whose run may be reported again.
    elapsedMs: ledger.state().elapsedMs,
    interrupted,
    shard: shard.count === 1 ? undefined : shard,
    targets: results,
  };
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
