/** Explores the cases of a campaign that its journal lacks: the given ones here, the generated ones in a pool if there is one, for as long as there is time. */

import type { Ledger } from '../ledger.ts';
import { monotonicMs } from '../monotonic.ts';
import type { Schedule } from '../schedule.ts';
import type { Subject } from '../subject.ts';
import { abortAfter, unlessAborted } from '../unless-aborted.ts';
import type { Cases } from './cases.ts';
import { createExplorer, type Explored, type Explorer } from './explore.ts';
import { missing, type Range, sizeOf } from './ranges.ts';
import { runRanges } from './run-ranges.ts';
import { blocksOf, runsOf, type Shard } from './shard.ts';
import { emptyTally } from './tally.ts';

/** Processes that explore. */
export interface Pool {
  readonly explore: Explorer;
  /** How many ranges to give them at once. */
  readonly lanes: number;
}

/** What is explored, and how. */
export interface Exploration {
  readonly subjects: readonly Subject[];
  readonly cases: Cases;
  /** What has been explored, and where what comes of the rest goes. */
  readonly ledger: Ledger;
  readonly schedule: Schedule;
  readonly shard: Shard;
  /** How many cases are generated, over all shards. */
  readonly runs: number;
  /** The share of cases in which decimal.js judges every number. @defaultValue 0 */
  readonly audit?: number | undefined;
  /** Undefined where this process explores all. */
  readonly pool: Pool | undefined;
  /** Once aborted, exploring ends. */
  readonly signal?: AbortSignal | undefined;
}

/** How long this process explores in one go, in ms: so long a Ctrl-C may wait. */
const SLICE_MS = 50;

/** How long what explores is waited for once the campaign is interrupted, in ms. */
const LAST_CASES_MS = 300;

/** Adds to the ledger what comes of the cases that it lacks. One is run whatever the time and the signal. */
export async function exploreCases(exploration: Exploration): Promise<void> {
  const { subjects, cases, ledger, schedule, shard, runs, audit, pool, signal } = exploration;
  const gone = abortAfter(Number.POSITIVE_INFINITY, signal, LAST_CASES_MS);
  const here = { explore: createExplorer(subjects, cases, SLICE_MS, audit), lanes: 1 };
  const given: Range = [shard.index === 1 ? -cases.given : 0, 0];
  const count = runsOf(shard, runs);
  const total = Number.isFinite(count) ? count : null;
  const add = (explored: Explored): void => {
    ledger.add(explored);
    const done = sizeOf(ledger.state().done) + given[0];
    ledger.tick({ phase: 'exploring', done: Math.max(0, done), total });
  };
  const timeLeft = (): number => schedule.exploring(ledger.buckets() > 0) - ledger.elapsedMs();
  const isFirst = (): boolean => ledger.state().done.length === 0;
  const isOver = (): boolean => signal?.aborted === true || timeLeft() <= 0;
  const within = (explore: Explorer) => (range: Range) => {
    const limit = { until: monotonicMs() + timeLeft(), first: isFirst() };
    return unlessGone(explore(range, limit, signal), range, { subjects, signal, gone });
  };
  const { done } = ledger.state();
  await runRanges(missing(given, done), {
    lanes: here.lanes,
    explore: within(here.explore),
    add,
    isOver: () => isOver() && !(isFirst() && !gone.aborted),
  });
  const { explore, lanes } = pool ?? here;
  await runRanges(missingOf(blocksOf(shard, runs), done), { lanes, explore: within(explore), add, isOver });
}

/** What comes of a range; nothing once it is gone, or where it fails after the signal: what ends this process may end those of the pool too, and a moment earlier. */
async function unlessGone(
  exploring: Promise<Explored>,
  [from]: Range,
  { subjects, signal, gone }: Pick<Exploration, 'subjects' | 'signal'> & { readonly gone: AbortSignal },
): Promise<Explored> {
  const nothing: Explored = { range: [from, from], tallies: subjects.map(() => emptyTally) };
  const explored = exploring.catch((error) => {
    if (!signal?.aborted) throw error;
    return nothing;
  });
  return (await unlessAborted(explored, gone)) ?? nothing;
}

function* missingOf(ranges: Iterable<Range>, done: readonly Range[]): Generator<Range> {
  for (const range of ranges) yield* missing(range, done);
}
