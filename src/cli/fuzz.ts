/** `softmax-fuzz fuzz`: a campaign, its files and its verdict. */

import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { compareTargets } from '../campaign/comparison.ts';
import { chosenOperations, DEFAULT_RUNS, type FuzzOptions, fuzz, runsOfOptions } from '../campaign/fuzz.ts';
import { createPool, type ProcessPool } from '../campaign/pool.ts';
import { BLOCK_SIZE, runsOf, type Shard, whole } from '../campaign/shard.ts';
import { sizesFor } from '../campaign/sizes.ts';
import { UserError } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { slowBecause } from '../oracle/sentinels.ts';
import { missingFromBaseline, readBaseline, withBaseline } from '../record/baseline.ts';
import { readState, resumeJournal, startJournal } from '../record/journal.ts';
import { readSaved } from '../record/saved.ts';
import { planOf } from '../record/state-file.ts';
import { prepareFile } from '../record/store.ts';
import { profileNamed, profiles } from '../row/profile.ts';
import type { Reach } from '../targets/process/reach.ts';
import { listenForInterrupt } from './interrupt.ts';
import { loadTargets, targetForms, writeNotes } from './load-targets.ts';
import { batchSize, duration, operationList, runCount, seedNumber, share, workerCount } from './options.ts';
import { createProgress } from './progress.ts';
import { COMPARISON, publish } from './publish.ts';
import { type ReachOptions, reachOf, withReach } from './reach.ts';
import { takeRunFolder } from './run-folder.ts';
import { parseShard, shardOfEnvironment } from './shard.ts';

/** What several targets have for their comparison where time is limited: this share of it, even where it is over. */
const COMPARING = 1 / 12;

const profileNames = profiles.map(({ name }) => name).join(', ');

/** How long the process may take to end by itself once all is done, in ms. */
const LINGER_MS = 100;

const MOST_LOGITS = 10_000_000;

/** What a logit takes while its batch is judged: itself, copies and answers in FP32, the filter's two doubles, garbage. */
const BYTES_PER_LOGIT = 48;

/** What the batches of all processes together may take. */
const BATCH_MEMORY = 400e6;

interface Options extends ReachOptions {
  readonly ops?: Operation[];
  readonly runs?: number;
  readonly maxTime?: number;
  readonly shrinkTime?: number;
  readonly seed?: number;
  readonly rows?: number;
  readonly cols?: number;
  readonly profile?: string;
  readonly signature?: string;
  readonly strict?: boolean;
  readonly baseline?: string;
  readonly workers?: number;
  readonly shard?: Shard;
  readonly resume?: boolean;
  readonly reports: string;
  readonly json?: string;
  readonly quiet?: boolean;
  readonly audit?: number;
}

const afterHelp = `
Examples:
  softmax-fuzz fuzz ./my-softmax.mjs
  softmax-fuzz fuzz 'cmd:python3 my_softmax.py' --timeout 1s
  softmax-fuzz fuzz onnx:./model.onnx npm:@tensorflow/tfjs
  softmax-fuzz fuzz ./kernels.mjs#fastSoftmax --max-time 30s --profile wgsl
  softmax-fuzz fuzz 'lib:./libkernel.so#void my_softmax(float *x, int n)'
  softmax-fuzz fuzz naive stable --ops softmax,crossEntropy --seed 7 --json -
  softmax-fuzz fuzz ./my-softmax.mjs --runs 1000000 --seed 7 --shard 3/8

A shard writes to reports/shard-i-of-n instead of reports/latest. Without
--shard it is read from the environment too: of a CI matrix
(SOFTMAX_FUZZ_SHARD=3/8), a Kubernetes Indexed Job (JOB_COMPLETION_INDEX, and
SOFTMAX_FUZZ_SHARDS or JOB_COMPLETIONS) or a Slurm array (SLURM_ARRAY_TASK_ID
and its kin).

Exit codes:
  0    every property held, or only known findings and warnings
  1    a new error, and with --strict a new warning
  2    usage, a target that cannot load, or nothing was run
  70   a bug of softmax-fuzz
  130  interrupted, with everything found so far on disk`;

/** The command. */
export function fuzzCommand(): Command {
  return withReach(
    new Command('fuzz')
      .description('Judges targets on adversarial batches and shrinks what goes wrong.')
      .argument('[target...]', targetForms)
      .option('--ops <list>', 'only these operations, separated by commas', operationList)
      .option(
        '--runs <n>',
        `generated batches, over all shards (default: ${DEFAULT_RUNS}, or no limit with --max-time)`,
        runCount,
      )
      .option(
        '--max-time <duration>',
        'what all of it may take, e.g. 30s, 5m, 1h: how many batches that are differs from run to run',
        duration,
      )
      .option(
        '--shrink-time <duration>',
        'what shrinking may take (default: a quarter of --max-time, or no limit)',
        duration,
      )
      .option('--seed <n>', 'repeat a run (default: random, printed)', seedNumber)
      .option('--rows <n>', 'every batch has exactly n rows', batchSize)
      .option('--cols <n>', 'every row has exactly n logits', batchSize)
      .option(
        '--signature <list>',
        'what a function takes: name(row), name(array) or name(logits, out, rows, cols); of lib: and wasm: its declaration in C',
      )
      .option('--profile <name>', `what each target is judged by, not what it declares: ${profileNames}`)
      .option('--strict', 'warnings fail too')
      .option(
        '--baseline <file>',
        'what an earlier run wrote by --json: its findings are known, and fail no more',
      )
      .option('--workers <n>', 'processes (default: one a core, but 1 for a short run)', workerCount)
      .option('--shard <i/n>', 'only part i of n; reported together by `softmax-fuzz report`', (text) =>
        parseShard(text, '--shard'),
      )
      .option('--resume', 'go on where a killed run with the same options stopped, if there is one')
      .option('--reports <dir>', 'where files go, and where regressions/ is read', 'reports')
      .option('--json <file>', 'also write the result as JSON; - is stdout')
      .option('--quiet', 'no progress')
      .option(
        '--audit <share>',
        'let decimal.js judge every number of this share of the batches too, e.g. 0.001',
        share,
      ),
  )
    .addHelpText('after', afterHelp)
    .action(run);
}

async function run(specifiers: string[], options: Options): Promise<void> {
  if (options.profile !== undefined) profileNamed(options.profile);
  checkSize(options);
  if (slowBecause !== null) process.stderr.write(`decimal.js judges everything, slowly: ${slowBecause}\n`);
  const shard = options.shard ?? shardOfEnvironment(process.env) ?? whole;
  const baseline = options.baseline === undefined ? new Map() : readBaseline(options.baseline);
  const loaded = await loadTargets(specifiers, options.profile, reachOf(options), options.signature);
  const targets = loaded.map((target) => withBaseline(target, baseline));
  if (options.baseline !== undefined)
    for (const missing of missingFromBaseline(targets, baseline, options.baseline))
      process.stderr.write(`${missing}\n`);
  for (const target of targets) writeNotes(target);
  const { folder, release } = takeRunFolder(
    join(options.reports, shard.count === 1 ? 'latest' : `shard-${shard.index}-of-${shard.count}`),
    options.resume ?? false,
  );
  if (options.json !== undefined && options.json !== '-') prepareFile(options.json);
  const interrupt = listenForInterrupt();
  const progress = createProgress(options.quiet || options.json === '-');
  const campaign: FuzzOptions = {
    seed: seedOf(options, shard, folder),
    runs: options.runs,
    maxTimeMs: options.maxTime,
    shrinkTimeMs: options.shrinkTime,
    operations: options.ops,
    generation: sizesFor(targets, { rows: options.rows, cols: options.cols }),
    audit: options.audit,
    saved: readSaved(join(options.reports, 'regressions')),
    onProgress: progress.update,
    signal: interrupt.signal,
  };
  const openJournal = options.resume ? resumeJournal : startJournal;
  const journal = openJournal(folder, planOf(targets, campaign), shard);
  const pool = poolOf(
    targets,
    campaign,
    reachOf(options),
    options.workers ?? workersFor(runsOf(shard, runsOfOptions(campaign)), options),
  );
  try {
    const result = await fuzz(targets, campaign, { shard, journal, pool: pool ?? undefined });
    const isCompared = targets.length > 1 && shard.count === 1 && !result.interrupted;
    const until = comparedUntil(result.elapsedMs, options.maxTime);
    const comparison = isCompared
      ? await compareTargets(targets, result.seed, {
          operations: options.ops,
          sizes: campaign.generation,
          isOver: () => interrupt.signal.aborted || performance.now() >= until,
        })
      : undefined;
    if (comparison === null) process.stderr.write('there was no time left to compare the targets\n');
    if (!comparison) rmSync(join(folder, COMPARISON), { force: true }); // That of an earlier run.
    progress.end();
    const interrupted = interrupt.signal.aborted;
    process.exitCode = publish({ ...result, interrupted }, folder, {
      ...options,
      comparison: comparison ?? undefined,
    });
  } finally {
    release();
    await pool?.close();
    interrupt.stop();
  }
  // Calls that nobody waits for any more would keep this process.
  if (options.maxTime !== undefined || interrupt.signal.aborted)
    setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** When comparing ends, of performance.now(). */
function comparedUntil(elapsedMs: number, maxTime = Number.POSITIVE_INFINITY): number {
  return performance.now() + Math.max(maxTime - elapsedMs, COMPARING * maxTime);
}

/** The seed given, or that of the run to resume, or a random one, which shards would not share. */
function seedOf({ seed, resume }: Options, { count }: Shard, folder: string): number {
  const resumed = resume ? readState(folder)?.plan.seed : undefined;
  if (seed === undefined && resumed === undefined && count > 1)
    throw new UserError('the shards of a campaign need the same seed', 'Give all of them --seed N.');
  return seed ?? resumed ?? randomInt(2 ** 31);
}

/**
 * One process a core, but only one for a campaign that is over before they have started, and no more than have room for
 * their batches.
 */
function workersFor(runs: number, { rows = 1, cols = 1 }: Options): number {
  if (runs < 4 * BLOCK_SIZE) return 1;
  const room = Math.floor(BATCH_MEMORY / (rows * cols * BYTES_PER_LOGIT));
  return Math.max(1, Math.min(availableParallelism(), room));
}

/** The processes that explore; null where this one does. */
function poolOf(
  targets: readonly Target[],
  campaign: FuzzOptions,
  reach: Reach,
  workers: number,
): ProcessPool | null {
  if (workers === 1) return null;
  const { seed, generation = {}, audit = 0 } = campaign;
  const subjects = targets.map((target) => {
    const { name, specifier, profile, known } = target;
    return { target: { name, specifier, profile, known }, operations: chosenOperations(target, campaign) };
  });
  return createPool({ seed, generation, audit, subjects, reach }, workers);
}

/** A batch of fixed size has to fit into memory, with an exact answer for each logit. */
function checkSize({ rows = 1, cols = 1 }: Options): void {
  if (rows * cols > MOST_LOGITS)
    throw new UserError(`a batch of ${rows} x ${cols} logits is too large: at most ${MOST_LOGITS} fit`);
}
