/** `softmax-fuzz sweep`: every finite x in the rows [x, 0] and [0, x], of a 16-bit format every x. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Formats, inFp32 } from '../formats/index.ts';
import { prepareFile, writeFile, writeTo } from '../record/store.ts';
import { formatCount, formatDuration } from '../report/numbers.ts';
import { profileNamed } from '../row/profiles.ts';
import { faultsOf, verdictOf } from '../sweep/faults.ts';
import { sweepToJson } from '../sweep/json.ts';
import { createPlan } from '../sweep/plan.ts';
import { inProcesses } from '../sweep/pool.ts';
import { openState, type SweepState } from '../sweep/state.ts';
import { type SweepProgress, sweep } from '../sweep/sweep.ts';
import { formatSweep } from '../sweep/text.ts';
import { STDIO_PREFIX } from '../targets/prefixes.ts';
import { UserError } from '../text/errors.ts';
import { inert, inertJson, LONGEST_MESSAGE } from '../text/inert.ts';
import type { SweepFlags } from './commands/sweep.ts';
import { exitCodes } from './exit-codes.ts';
import { listenForInterrupt } from './interrupt.ts';
import { writeNotes } from './load-targets.ts';
import { named, targetNamed } from './named.ts';

/** Runs the command. */
export async function runSweep(name: string, options: SweepFlags): Promise<void> {
  const { op, stride, from, to, json, reports, resume = false } = options;
  // What the target is, is asked of a process of its own: loading it may call it, and that may end the process.
  const { specifier, reach } = named(name, options);
  if (specifier.startsWith(STDIO_PREFIX))
    throw new UserError(
      `target ${specifier} is of one process, and a sweep of many`,
      'Use `softmax-fuzz fuzz`.',
    );
  const target = await targetNamed(name, options);
  writeNotes(target);
  if (target.rows !== undefined || (target.cols ?? 2) !== 2)
    throw new UserError(
      `target ${name} takes batches of ${target.rows ?? 'any'} x ${target.cols ?? 'any'} alone`,
      'A sweep has many rows of two logits at once.',
    );
  const { formats = inFp32 } = target;
  checkFormats(name, formats, options);
  const profile = profileNamed(options.profile ?? target.profile);
  const plan = createPlan(op, profile.name, { stride, from, to }, formats);
  if (plan.from > plan.to)
    throw new UserError('--from is above --to', 'Both are FP32 words; x goes upwards.');
  if (json !== undefined && json !== '-') prepareFile(json);
  const parts = ['sweep', folderName(target.name, op)];
  const folder = join(reports, ...parts);
  const state = openState(reports, parts, target, plan, resume);
  const failures: UserError[] = [];
  /** Hours of work are not lost to a full disk: what could not be written is said, and the rest is told. */
  const attempt = (write: () => void): boolean => {
    try {
      write();
      return true;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (failures.length === 0)
        process.stderr.write(`${inert(`${error.message}; the sweep goes on`, LONGEST_MESSAGE)}\n`);
      failures.push(error);
      return false;
    }
  };
  const keeping: SweepState = { ...state, save: (block) => void attempt(() => state.save(block)) };

  const progress = createProgress(options.quiet || json === '-');
  const interrupt = listenForInterrupt();
  const runBlocks = inProcesses(
    { specifier, declared: reach.declared ?? {} },
    plan,
    options.workers ?? availableParallelism(),
  );
  const start = performance.now();
  const result = await sweep(target, plan, keeping, runBlocks, interrupt.signal, progress.update);
  progress.end();
  interrupt.stop();
  if (result === null) {
    process.stderr.write('softmax-fuzz: interrupted; --resume goes on\n');
    process.exitCode = exitCodes.interrupted;
    return;
  }
  const text = `${inertJson(JSON.stringify(sweepToJson(target, result), null, 1))}\n`;
  if (json === '-') process.stdout.write(text);
  else {
    if (json !== undefined) attempt(() => writeTo(json, text));
    const page = join(folder, 'index.html');
    const { toSweepHtml } = await import('../sweep/page.ts');
    const html = toSweepHtml(target, result, new Date());
    const where = attempt(() => writeFile(page, html)) ? `\nreport: ${page}` : '';
    process.stdout.write(
      `${formatSweep({ ...target, name: inert(target.name) }, result)}\n\n${formatDuration(performance.now() - start)}${where}\n`,
    );
  }
  if (failures.length > 0) throw failures.at(-1);
  const isFalsified = verdictOf(faultsOf(target, result)) === 'falsified';
  process.exitCode = isFalsified ? exitCodes.falsified : exitCodes.held;
}

/**
 * Refuses what there is no sweep of.
 * @throws UserError where logits are FP32 and answers are not, or what is 16-bit is to be narrowed.
 */
function checkFormats(
  specifier: string,
  { logits, answer }: Formats,
  { stride, from, to }: SweepFlags,
): void {
  if (logits === 'fp32' && answer !== 'fp32')
    throw new UserError(
      `target ${specifier} has logits of FP32 and answers of ${answer}`,
      'A sweep of every FP32 number is of FP32 answers. Use `softmax-fuzz fuzz`.',
    );
  if (logits !== 'fp32' && (stride ?? from ?? to) !== undefined)
    throw new UserError(
      `target ${specifier} has logits of ${logits}, all of which a sweep visits`,
      'Leave --stride, --from and --to out.',
    );
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
