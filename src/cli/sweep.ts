/** `softmax-fuzz sweep`: every finite x in the rows [x, 0] and [0, x]. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { logitsOf } from '../campaign/subject.ts';
import { UserError } from '../core/errors.ts';
import { fromHex, isHex } from '../float32/bits.ts';
import { fp32 } from '../formats/index.ts';
import { prepareFile, writeFile } from '../record/store.ts';
import { formatCount, formatDuration } from '../report/numbers.ts';
import { profileNamed, profileOf } from '../row/profile.ts';
import { faultsOf, verdictOf } from '../sweep/faults.ts';
import { sweepToJson } from '../sweep/json.ts';
import { createPlan, type SweepOperation, sweepOperations } from '../sweep/plan.ts';
import { inProcesses } from '../sweep/pool.ts';
import { positionOf } from '../sweep/positions.ts';
import { openState } from '../sweep/state.ts';
import { type SweepProgress, sweep } from '../sweep/sweep.ts';
import { formatSweep } from '../sweep/text.ts';
import { resolveTarget } from '../targets/resolve.ts';
import { exitCodes } from './exit-codes.ts';
import { listenForInterrupt } from './interrupt.ts';
import { writeNotes } from './load-targets.ts';
import { positiveInteger, workerCount } from './options.ts';

interface Options {
  readonly op: SweepOperation;
  readonly stride?: number;
  readonly from?: number;
  readonly to?: number;
  readonly profile?: string;
  readonly workers?: number;
  readonly resume?: boolean;
  readonly reports: string;
  readonly json?: string;
  readonly quiet?: boolean;
}

const afterHelp = `
Examples:
  softmax-fuzz sweep stable
  softmax-fuzz sweep ./my-softmax.mjs --stride 256
  softmax-fuzz sweep stable --op logSoftmax --from c2d00000 --to c2ae0000

Exit codes:
  0    every answer within its budget, or only known faults and warnings
  1    a new error
  2    usage, or a target that cannot load or gives no answer
  70   a bug of softmax-fuzz
  130  interrupted; --resume goes on`;

/** The command. */
export function sweepCommand(): Command {
  return new Command('sweep')
    .description('Judges the rows [x, 0] and [0, x] for every finite FP32 x.')
    .argument('<target>', 'naive, stable, ./kernel.mjs or ./kernel.mjs#export')
    .addOption(new Option('--op <name>', 'the operation').choices(sweepOperations).default('softmax'))
    .option('--stride <n>', 'every nth word only, and the thresholds of exp', positiveInteger)
    .option('--from <word>', 'from this x, 8 hex digits (default: ff7fffff)', finiteWord)
    .option('--to <word>', 'up to this x (default: 7f7fffff)', finiteWord)
    .option('--profile <name>', 'the error profile, instead of what the target declares')
    .option('--workers <n>', 'processes (default: one a core)', workerCount)
    .option('--resume', 'go on where an interrupted sweep stopped')
    .option('--reports <dir>', 'where finished blocks are kept', 'reports')
    .option('--json <file>', 'also write the result as JSON; - is stdout')
    .option('--quiet', 'no progress')
    .addHelpText('after', afterHelp)
    .action(run);
}

async function run(specifier: string, options: Options): Promise<void> {
  const { op, stride, from, to, json, reports, resume = false } = options;
  // What the target is, is asked of a process of its own: loading it may call it, and that may end the process.
  const target = await resolveTarget(specifier);
  writeNotes(target);
  if (target.rows !== undefined || (target.cols ?? 2) !== 2)
    throw new UserError(
      `target ${specifier} takes batches of ${target.rows ?? 'any'} x ${target.cols ?? 'any'} alone`,
      'A sweep has many rows of two logits at once.',
    );
  if (logitsOf(target) !== 'fp32' || profileOf(target).answer !== fp32)
    throw new UserError(
      `target ${specifier} is of another format than FP32`,
      'A sweep is of every FP32 number. Use `softmax-fuzz fuzz`.',
    );
  const profile = profileNamed(options.profile ?? target.profile);
  const plan = createPlan(op, profile.name, { stride, from, to });
  if (plan.from > plan.to)
    throw new UserError('--from is above --to', 'Both are FP32 words; x goes upwards.');
  if (json !== undefined && json !== '-') prepareFile(json);
  const state = openState(join(reports, 'sweep', folderName(target.name, op)), target, plan, resume);

  const progress = createProgress(options.quiet || json === '-');
  const interrupt = listenForInterrupt();
  const runBlocks = inProcesses(specifier, plan, options.workers ?? availableParallelism());
  const start = performance.now();
  const result = await sweep(target, plan, state, runBlocks, interrupt.signal, progress.update);
  progress.end();
  interrupt.stop();
  if (result === null) {
    process.stderr.write('softmax-fuzz: interrupted; --resume goes on\n');
    process.exitCode = exitCodes.interrupted;
    return;
  }
  const text = `${JSON.stringify(sweepToJson(target, result), null, 1)}\n`;
  if (json === '-') process.stdout.write(text);
  else {
    if (json !== undefined) writeFile(json, text);
    process.stdout.write(`${formatSweep(target, result)}\n\n${formatDuration(performance.now() - start)}\n`);
  }
  const isFalsified = verdictOf(faultsOf(target, result)) === 'falsified';
  process.exitCode = isFalsified ? exitCodes.falsified : exitCodes.held;
}

/** A name that is one on every file system: `stable-softmax`. */
function folderName(target: string, operation: string): string {
  return `${target.replace(/[^\w.-]+/g, '_')}-${operation}`;
}

/** Writes to stderr, if that is a terminal. `end` clears the line. */
function createProgress(quiet: boolean | undefined): {
  update: (progress: SweepProgress) => void;
  end: () => void;
} {
  if (quiet || !process.stderr.isTTY) return { update: () => {}, end: () => {} };
  return {
    update: (progress) => process.stderr.write(`\r\x1b[K${formatProgress(progress)}`),
    end: () => process.stderr.write('\r\x1b[K'),
  };
}

/** `block 12 of 255, 6,712,345 words a second, 3 min 20 s to go`. */
function formatProgress({ done, total, visits, newly, elapsedMs }: SweepProgress): string {
  const rate = formatCount(Math.round((visits * 1000) / elapsedMs));
  const rest = formatDuration(((total - done) * elapsedMs) / newly);
  return `block ${done} of ${total}, ${rate} words a second, ${rest} to go`;
}

/** The position of a finite FP32 word. */
function finiteWord(text: string): number {
  if (!isHex(text) || !Number.isFinite(fromHex(text)))
    throw new InvalidArgumentError('Expected the 8 hex digits of a finite FP32 word, like 42b20000.');
  return positionOf(fromHex(text));
}
