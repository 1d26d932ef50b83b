/** `softmax-fuzz fuzz`: a campaign, its files and its verdict. */
import { randomInt } from 'node:crypto';
import { join, relative } from 'node:path';
import { Command } from 'commander';
import { fuzz } from '../campaign/fuzz.ts';
import type { Run } from '../campaign/result.ts';
import { UserError } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { profileNamed, profiles } from '../judge/profile.ts';
import { recordRun } from '../record/run.ts';
import { readSaved } from '../record/saved.ts';
import { prepareFile, prepareFolder, writeFile } from '../record/store.ts';
import { toJson } from '../report/json.ts';
import { toMarkdown } from '../report/markdown.ts';
import { formatRun } from '../report/text.ts';
import { builtinNames } from '../targets/builtin.ts';
import { resolveTarget } from '../targets/resolve.ts';
import { exitCodes } from './exit-codes.ts';
import { batchSize, duration, operationList, runCount, seedNumber } from './options.ts';
import { createProgress } from './progress.ts';

const profileNames = profiles.map(({ name }) => name).join(', ');

const MOST_LOGITS = 1_000_000;

interface Options {
  readonly ops?: Operation[];
  readonly runs?: number;
  readonly maxTime?: number;
  readonly seed?: number;
  readonly rows?: number;
  readonly cols?: number;
  readonly profile?: string;
  readonly strict?: boolean;
  readonly reports: string;
  readonly json?: string;
  readonly quiet?: boolean;
}

const afterHelp = `
Examples:
  softmax-fuzz fuzz ./my-softmax.mjs
  softmax-fuzz fuzz ./kernels.mjs#fastSoftmax --max-time 30s --profile wgsl
  softmax-fuzz fuzz naive stable --ops softmax,crossEntropy --seed 7 --json -

Exit codes:
  0    every property held, or only known findings and warnings
  1    a new error, and with --strict a new warning
  2    usage, a target that cannot load, or nothing was run
  70   a bug of softmax-fuzz
  130  interrupted, with everything found so far on disk`;

/** The command. */
export function fuzzCommand(): Command {
  return new Command('fuzz')
    .description('Judges targets on adversarial batches and shrinks what goes wrong.')
    .argument('[target...]', 'naive, stable, ./kernel.mjs or ./kernel.mjs#export (default: naive stable)')
    .option('--ops <list>', 'only these operations, separated by commas', operationList)
    .option('--runs <n>', 'generated batches (default: 1000, or no limit with --max-time)', runCount)
    .option('--max-time <duration>', 'stop generating after this long, e.g. 30s, 5m, 1h', duration)
    .option('--seed <n>', 'repeat a run (default: random, printed)', seedNumber)
    .option('--rows <n>', 'every batch has exactly n rows', batchSize)
    .option('--cols <n>', 'every row has exactly n logits', batchSize)
    .option('--profile <name>', `what each target is judged by, not what it declares: ${profileNames}`)
    .option('--strict', 'warnings fail too')
    .option('--reports <dir>', 'where files go, and where regressions/ is read', 'reports')
    .option('--json <file>', 'also write the result as JSON; - is stdout')
    .option('--quiet', 'no progress')
    .addHelpText('after', afterHelp)
    .action(run);
}

async function run(specifiers: string[], options: Options): Promise<void> {
  if (options.profile !== undefined) profileNamed(options.profile);
  checkSize(options);
  const targets = await loadTargets(specifiers, options.profile);
  const latest = join(options.reports, 'latest');
  prepareFolder(join(latest, 'findings'));
  if (options.json !== undefined && options.json !== '-') prepareFile(options.json);
  const seed = options.seed ?? randomInt(2 ** 31);
  const quiet = options.quiet || options.json === '-';
  const progress = createProgress(quiet);
  const interrupt = listenForInterrupt();

  const result = await fuzz(targets, {
    seed,
    runs: options.runs,
    maxTimeMs: options.maxTime,
    operations: options.ops,
    generation: { rows: options.rows, cols: options.cols },
    saved: readSaved(join(options.reports, 'regressions')),
    onProgress: progress.update,
    signal: interrupt.signal,
  });
  progress.end();
  interrupt.stop();

  const recorded = recordRun(result, latest);
  const summary = join(latest, 'summary.md');
  const json = `${JSON.stringify(toJson(recorded), null, 1)}\n`;
  writeFile(summary, toMarkdown(recorded));
  writeFile(join(latest, 'run.json'), json);
  if (options.json === '-') process.stdout.write(json);
  else {
    if (options.json !== undefined) writeFile(options.json, json);
    process.stdout.write(`${formatRun(recorded)}\nsummary: ${relative('', summary)}\n`);
  }
  process.exitCode = exitCodeOf(result, options.strict ?? false);
}

/**
 * The targets, the built-in kernels when none is named, judged by `profile` when it is given. Those that would have the
 * same name are called by their specifiers.
 */
async function loadTargets(specifiers: readonly string[], profile: string | undefined): Promise<Target[]> {
  const targets: Target[] = [];
  for (const specifier of new Set(specifiers.length === 0 ? builtinNames : specifiers)) {
    targets.push(await resolveTarget(specifier));
  }
  const isAlone = ({ name }: Target): boolean => targets.filter((other) => other.name === name).length === 1;
  return targets.map((target) => ({
    ...target,
    name: isAlone(target) ? target.name : target.specifier,
    profile: profile ?? target.profile,
  }));
}

/** A batch of fixed size has to fit into memory, with an exact answer for each logit. */
function checkSize({ rows = 1, cols = 1 }: Options): void {
  if (rows * cols > MOST_LOGITS)
    throw new UserError(`a batch of ${rows} x ${cols} logits is too large: at most ${MOST_LOGITS} fit`);
}

/** New errors fail a run, and with `strict` new warnings. */
function exitCodeOf({ targets, interrupted }: Run, strict: boolean): number {
  const fails = targets.some(({ findings }) =>
    findings.some(({ known, severity }) => !known && (strict || severity === 'error')),
  );
  if (interrupted) return exitCodes.interrupted;
  return fails ? exitCodes.falsified : exitCodes.held;
}

/** The first Ctrl-C ends the campaign and keeps what it found; the second ends the process. */
function listenForInterrupt(): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return { signal: controller.signal, stop: () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal) };
}
