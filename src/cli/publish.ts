/** Puts a run where people and programs look for it, and turns it into an exit code. */
import { join, relative } from 'node:path';
import type { Comparison } from '../campaign/compare/comparison.ts';
import type { CaseObservation } from '../campaign/explore/observations.ts';
import type { Run } from '../campaign/result.ts';
import { recordSomewhere } from '../record/somewhere.ts';
import { removeFile, writeFile, writeTo } from '../record/store.ts';
import { comparisonToMarkdown, formatComparison } from '../report/comparison.ts';
import { inertRun } from '../report/inert.ts';
import { toJsonText } from '../report/json.ts';
import { toMarkdown } from '../report/markdown.ts';
import { formatRun } from '../report/run-text.ts';
import { laidOut } from '../report/terminal.ts';
import { UserError } from '../text/errors.ts';
import { inert, LONGEST_MESSAGE } from '../text/inert.ts';
import { exitCodes } from './exit-codes.ts';
import { openFile } from './open.ts';
import { type ReporterFlag, takesStdout } from './reporter-flag.ts';
import { writeReports } from './reporters.ts';
import { terminalOf } from './terminal.ts';

/** The file of a comparison, in the run's folder. */
const COMPARISON = 'comparison.md';

/** What the command line says of it. */
export interface PublishOptions {
  /** Where to write the JSON too; `-` is stdout, instead of the text. */
  readonly json?: string | undefined;
  /** The file of the baseline, which is written where it is to be updated. */
  readonly baseline?: string | undefined;
  readonly updateBaseline?: boolean | undefined;
  /** Whether new warnings fail too. */
  readonly strict?: boolean | undefined;
  /** Whether to show all that is known of each fault. */
  readonly verbose?: boolean | undefined;
  /** Whether to open the page too. */
  readonly open?: boolean | undefined;
  /** What else to write it as. */
  readonly reporter?: readonly ReporterFlag[] | undefined;
  /** The first cases, where they were observed. */
  readonly observations?: readonly CaseObservation[] | undefined;
  /** The targets beside each other, where there are several. */
  readonly comparison?: Comparison | undefined;
  /** What of the campaign's journal could not be written. */
  readonly failure?: UserError | null | undefined;
}

/** Writes findings, page, summary and JSON to `folder`, prints the result, and gives the exit code. What cannot be written is said at the end, and is a failure of the run. */
export async function publish(
  run: Run,
  folder: string,
  {
    json,
    strict = false,
    open = false,
    reporter = [],
    observations,
    comparison,
    baseline,
    updateBaseline = false,
    verbose = false,
    failure = null,
  }: PublishOptions,
): Promise<number> {
  const { toHtml } = await import('../report/html/page.ts'); // After the campaign, which needs none of it.
  const failures: UserError[] = failure === null ? [] : [failure];
  const attempt = async (action: () => unknown): Promise<boolean> => {
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push(error);
      return false;
    }
  };
  const { recorded, folder: where, failure: refusal } = recordSomewhere(run, folder);
  if (refusal !== null) failures.push(refusal);
  const page = join(where, 'index.html');
  const date = new Date();
  const told = inertRun(recorded);
  const text = toJsonText(recorded, date);
  const hasPage = await attempt(() => writeFile(page, toHtml(told, date)));
  await attempt(() => writeFile(join(where, 'summary.md'), toMarkdown(told)));
  await attempt(() => writeFile(join(where, 'run.json'), text));
  const compared = comparison && comparisonToMarkdown(comparison, recorded);
  const comparing = join(where, COMPARISON);
  await attempt(() =>
    compared === undefined
      ? removeFile(comparing) // That of an earlier run.
      : writeFile(comparing, `# softmax-fuzz\n\n${compared}\n`),
  );
  // Who reads it may stop early, like `head`, which ends the process.
  process.exitCode = Math.max(Number(process.exitCode ?? 0), exitCodeOf(run, strict));
  if (json === '-') process.stdout.write(text);
  else if (json !== undefined) await attempt(() => writeTo(json, text));
  const isQuiet = takesStdout(reporter, json);
  if (!isQuiet) {
    const shown = comparison && formatComparison(comparison, recorded, process.stdout.columns);
    const lines = laidOut(formatRun(told, verbose), terminalOf(process.stdout, process.env));
    process.stdout.write(`${lines}\n${shown === undefined ? '' : `\n${shown}\n\n`}`);
  }
  const context = { date, strict, observations, json };
  const files: string[] = [];
  for (const each of reporter)
    await attempt(async () => {
      files.push(...(await writeReports([each], recorded, where, context, reporter)));
    });
  if (!isQuiet)
    process.stdout.write(
      [...files, ...(hasPage ? [`report: ${relative('', page)}`] : [])]
        .map((line) => `${inert(line, LONGEST_MESSAGE)}\n`)
        .join(''),
    );
  if (open && hasPage) openFile(page);
  const updates = baseline !== undefined && updateBaseline && !run.interrupted;
  const isUpdated = updates && (await attempt(() => writeTo(baseline, text)));
  if (isUpdated) process.stderr.write(`${inert(baseline, LONGEST_MESSAGE)} has what this run found\n`);
  if (failures.length > 0) return sayFailures(failures, where === folder ? null : where);
  return isUpdated ? exitCodes.held : exitCodeOf(run, strict);
}

/** Says on stderr what could not be written, and where the rest is. */
function sayFailures(failures: readonly UserError[], elsewhere: string | null): number {
  const lines = [...new Set(failures.map(({ message }) => `softmax-fuzz: ${message}`))];
  const where = elsewhere === null ? [] : [`The findings and the report are in ${elsewhere}.`];
  for (const line of [...lines, ...where]) process.stderr.write(`${inert(line, LONGEST_MESSAGE)}\n`);
  return exitCodes.usage;
}

/** New errors and a loss of accuracy fail a run, and with `strict` new warnings. */
function exitCodeOf({ targets, interrupted }: Run, strict: boolean): number {
  const fails = targets.some(
    ({ verdict, findings }) =>
      verdict === 'regressed' ||
      findings.some(({ known, severity }) => !known && (strict || severity === 'error')),
  );
  if (interrupted) return exitCodes.interrupted;
  return fails ? exitCodes.falsified : exitCodes.held;
}
