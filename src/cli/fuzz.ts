/** `softmax-fuzz fuzz`: a campaign, its files and its verdict. */
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { compareTargets } from '../campaign/compare/comparison.ts';
import { observeCases } from '../campaign/explore/observations.ts';
import type { ProcessPool } from '../campaign/explore/pool.ts';
import { BLOCK_SIZE, runsOf, type Shard, whole } from '../campaign/explore/shard.ts';
import { sizesFor } from '../campaign/explore/sizes.ts';
import { chosenOperations, type FuzzOptions, fuzz, runsOfOptions } from '../campaign/fuzz.ts';
import type { Subject } from '../campaign/subject.ts';
import type { Target } from '../core/target.ts';
import { slowBecause } from '../oracle/sentinels.ts';
import { missingFromBaseline, withBaseline } from '../record/baseline.ts';
import { readState, resumeJournal, startJournal } from '../record/journal.ts';
import { readSaved } from '../record/saved.ts';
import { planOf } from '../record/state-file.ts';
import { stubborn } from '../record/stubborn-journal.ts';
import { profileNamed } from '../row/profiles.ts';
import { STDIO_PREFIX } from '../targets/prefixes.ts';
import { UserError } from '../text/errors.ts';
import { inert, LONGEST_MESSAGE } from '../text/inert.ts';
import { againstBaseline, openBaseline } from './against-baseline.ts';
import { type Campaign, campaignsOf } from './campaigns.ts';
import type { FuzzFlags } from './commands/fuzz.ts';
import { exitCodes } from './exit-codes.ts';
import { listenForInterrupt } from './interrupt.ts';
import { loadTargets, writeNotes } from './load-targets.ts';
import { named } from './named.ts';
import { createProgress } from './progress.ts';
import { publish } from './publish.ts';
import { takesStdout, withGithub } from './reporter-flag.ts';
import { prepareReports } from './reporters.ts';
import { takeRunFolder } from './run-folder.ts';
import { readSemantics } from './semantics.ts';
import { describeEmpty, shardOfEnvironment } from './shard.ts';

/** What several targets have for their comparison where time is limited: this share of it, even where it is over. */
const COMPARING = 1 / 12;

/** How long the process may take to end by itself once all is done, in ms. */
const LINGER_MS = 100;

const MOST_LOGITS = 10_000_000;

/** What a logit takes while its batch is judged: itself, copies and answers in FP32, the filter's two doubles, garbage. */
const BYTES_PER_LOGIT = 48;

/** What the batches of all processes together may take. */
const BATCH_MEMORY = 400e6;

/** Runs the command. */
export async function runFuzz(names: string[], options: FuzzFlags): Promise<void> {
  const campaigns = campaignsOf(names, options);
  let worst: number = exitCodes.held;
  for (const campaign of campaigns) {
    const exitCode = await runCampaign(campaign);
    worst = Math.max(worst, exitCode);
    if (exitCode === exitCodes.interrupted) break;
  }
  process.exitCode = worst;
  // Calls that nobody waits for any more would keep this process.
  if (worst === exitCodes.interrupted || campaigns.some(({ options }) => options.maxTime !== undefined))
    setTimeout(() => process.exit(), LINGER_MS).unref();
}

async function runCampaign({ names, options, folder: called }: Campaign): Promise<number> {
  if (options.profile !== undefined) profileNamed(options.profile);
  checkSize(options);
  if (slowBecause !== null) process.stderr.write(`decimal.js judges everything, slowly: ${slowBecause}\n`);
  const shard = options.shard ?? shardOfEnvironment(process.env) ?? whole;
  const baseline = openBaseline(options);
  const loaded = await loadTargets(
    names,
    options.profile,
    options,
    options.signature,
    readSemantics(options.semantics),
  );
  const targets = loaded.map((target) => withBaseline(target, baseline));
  if (options.baseline !== undefined && !options.updateBaseline)
    for (const missing of missingFromBaseline(targets, baseline, options.baseline))
      process.stderr.write(`${inert(missing, LONGEST_MESSAGE)}\n`);
  for (const target of targets) writeNotes(target);
  const { folder, release } = takeRunFolder(
    options.reports,
    shard.count === 1 ? called : `shard-${shard.index}-of-${shard.count}`,
    options.resume ?? false,
  );
  const reporter = withGithub(options.reporter, shard.count > 1);
  prepareReports(reporter, options.json);
  const interrupt = listenForInterrupt();
  const progress = createProgress(options.quiet || takesStdout(reporter, options.json), options.maxTime);
  const campaign: FuzzOptions = {
    seed: seedOf(options, shard, folder),
    runs: options.runs,
    maxTimeMs: options.maxTime,
    shrinkTimeMs: options.shrinkTime,
    operations: options.ops,
    generation: sizesFor(targets, { rows: options.rows, cols: options.cols }),
    audit: options.audit,
    saved: readSaved(options.regressions ?? join(options.reports, 'regressions'), options.maxLogits),
    power: true,
    onProgress: progress.update,
    signal: interrupt.signal,
  };
  const empty = describeEmpty(shard, runsOfOptions(campaign));
  if (empty !== null) process.stderr.write(`${empty}\n`);
  const openJournal = options.resume ? resumeJournal : startJournal;
  const journal = stubborn(openJournal(folder, planOf(targets, campaign), shard), ({ message }) => {
    process.stderr.write(`${inert(`${message}; the campaign goes on`, LONGEST_MESSAGE)}\n`);
  });
  const pool = await poolOf(
    targets,
    campaign,
    options,
    options.workers ?? workersFor(runsOf(shard, runsOfOptions(campaign)), options),
  );
  try {
    const result = await fuzz(targets, campaign, { shard, journal, pool: pool ?? undefined });
    const isWhole = shard.count === 1 && !result.interrupted;
    const isCompared = targets.length > 1 && isWhole;
    const until = comparedUntil(result.elapsedMs, options.maxTime);
    const isOver = (): boolean => interrupt.signal.aborted || performance.now() >= until;
    const comparison = isCompared
      ? await compareTargets(targets, result.seed, {
          operations: options.ops,
          sizes: campaign.generation,
          isOver,
        })
      : undefined;
    if (comparison === null) process.stderr.write('there was no time left to compare the targets\n');
    const isObserved = reporter.some(({ name }) => name === 'tyche') && isWhole;
    const observations = isObserved
      ? await observeCases(targets, { ...campaign, seed: result.seed }, isOver)
      : undefined;
    progress.end();
    const interrupted = interrupt.signal.aborted;
    const compared =
      options.baseline === undefined
        ? result.targets
        : await againstBaseline(subjectsOf(targets, campaign), result.targets, baseline, isOver);
    return await publish({ ...result, targets: compared, interrupted }, folder, {
      ...options,
      reporter,
      observations,
      comparison: comparison ?? undefined,
      failure: journal.failure(),
    });
  } finally {
    release();
    await pool?.close();
    interrupt.stop();
  }
}

function subjectsOf(targets: readonly Target[], campaign: FuzzOptions): Subject[] {
  return targets.map((target) => ({ target, operations: chosenOperations(target, campaign) }));
}

/** When comparing ends, of performance.now(). */
function comparedUntil(elapsedMs: number, maxTime = Number.POSITIVE_INFINITY): number {
  return performance.now() + Math.max(maxTime - elapsedMs, COMPARING * maxTime);
}

/** The seed given, or that of the run to resume, or a random one, which shards would not share. */
function seedOf({ seed, resume }: FuzzFlags, { count }: Shard, folder: string): number {
  const resumed = resume ? readState(folder)?.plan.seed : undefined;
  if (seed === undefined && resumed === undefined && count > 1)
    throw new UserError('the shards of a campaign need the same seed', 'Give all of them --seed N.');
  return seed ?? resumed ?? randomInt(2 ** 31);
}

/**
 * One process a core, but only one for a campaign that is over before they have started, and no more than have room for
 * their batches.
 */
function workersFor(runs: number, { rows = 1, cols = 1 }: FuzzFlags): number {
  if (runs < 4 * BLOCK_SIZE) return 1;
  const room = Math.floor(BATCH_MEMORY / (rows * cols * BYTES_PER_LOGIT));
  return Math.max(1, Math.min(availableParallelism(), room));
}

/** The processes that explore; null where this one does. */
async function poolOf(
  targets: readonly Target[],
  campaign: FuzzOptions,
  options: FuzzFlags,
  workers: number,
): Promise<ProcessPool | null> {
  // The program that started this process has its pipes alone.
  const isPiped = targets.some(({ specifier }) => specifier.startsWith(STDIO_PREFIX));
  if (workers === 1 || isPiped) return null;
  const { seed, generation = {}, audit = 0 } = campaign;
  const subjects = targets.map((target) => {
    const { name, specifier, profile, known, semantics } = target;
    const judged = { name, specifier, profile, known, ...(semantics && { semantics }) };
    return { target: judged, operations: chosenOperations(target, campaign), ...named(specifier, options) };
  });
  const { createPool } = await import('../campaign/explore/pool.ts'); // Most short runs need none.
  return createPool({ seed, generation, audit, subjects }, workers);
}

/** A batch of fixed size has to fit into memory, with an exact answer for each logit. */
function checkSize({ rows = 1, cols = 1 }: FuzzFlags): void {
  if (rows * cols > MOST_LOGITS)
    throw new UserError(`a batch of ${rows} x ${cols} logits is too large: at most ${MOST_LOGITS} fit`);
}
