/** Puts a run where people and programs look for it, and turns it into an exit code. */
import { join, relative } from 'node:path';
import type { Comparison } from '../campaign/comparison.ts';
import type { CaseObservation } from '../campaign/observations.ts';
import type { Run } from '../campaign/result.ts';
import { inert, LONGEST_MESSAGE } from '../core/inert.ts';
import { recordRun } from '../record/run.ts';
import { writeFile } from '../record/store.ts';
import { comparisonToMarkdown, formatComparison } from '../report/comparison.ts';
import { inertRun } from '../report/inert.ts';
import { toJsonText } from '../report/json.ts';
import { toMarkdown } from '../report/markdown.ts';
import { formatRun } from '../report/run-text.ts';
import { laidOut } from '../report/terminal.ts';
import { exitCodes } from './exit-codes.ts';
import { openFile } from './open.ts';
import { type ReporterFlag, takesStdout } from './reporter-flag.ts';
import { writeReports } from './reporters.ts';
import { terminalOf } from './terminal.ts';

/** The file of a comparison, in the run's folder. */
export const COMPARISON = 'comparison.md';

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
}

/** Writes findings, page, summary and JSON to `folder`, prints the result, and gives the exit code. */
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
  }: PublishOptions,
): Promise<number> {
  const { toHtml } = await import('../report/html/page.ts'); // After the campaign, which needs none of it.
  const recorded = recordRun(run, folder);
  const page = join(folder, 'index.html');
  const date = new Date();
  const told = inertRun(recorded);
  const text = toJsonText(recorded, date);
  writeFile(page, toHtml(told, date));
  writeFile(join(folder, 'summary.md'), toMarkdown(told));
  writeFile(join(folder, 'run.json'), text);
  const compared = comparison && comparisonToMarkdown(comparison, recorded);
  if (compared !== undefined) writeFile(join(folder, COMPARISON), `# softmax-fuzz\n\n${compared}\n`);
  if (json === '-') process.stdout.write(text);
  else if (json !== undefined) writeFile(json, text);
  const isQuiet = takesStdout(reporter, json);
  if (!isQuiet) {
    const shown = comparison && formatComparison(comparison, recorded, process.stdout.columns);
    const lines = laidOut(formatRun(told, verbose), terminalOf(process.stdout, process.env));
    process.stdout.write(`${lines}\n${shown === undefined ? '' : `\n${shown}\n\n`}`);
  }
  const context = { date, strict, observations, json };
  const files = await writeReports(reporter, recorded, folder, context);
  if (!isQuiet)
    process.stdout.write(
      [...files, `report: ${relative('', page)}`].map((line) => `${inert(line, LONGEST_MESSAGE)}\n`).join(''),
    );
  if (open) openFile(page);
  if (baseline === undefined || !updateBaseline || run.interrupted) return exitCodeOf(run, strict);
  writeFile(baseline, text);
  process.stderr.write(`${inert(baseline, LONGEST_MESSAGE)} has what this run found\n`);
  return exitCodes.held;
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
