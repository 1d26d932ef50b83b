/** Writes the reports that `--reporter` asks for. */
import { appendFileSync, existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RecordedRun } from '../record/run.ts';
import { prepareFile, writeTo } from '../record/store.ts';
import { type ReportContext, reporters } from '../report/reporter.ts';
import { UserError } from '../text/errors.ts';
import { inert, LONGEST_MESSAGE } from '../text/inert.ts';
import { type ReporterFlag, STDOUT, takesStdout } from './reporter-flag.ts';

/**
 * Checks that the reports, and `--json`, can be written, each to a file of its own.
 * @throws UserError when they cannot.
 */
export function prepareReports(flags: readonly ReporterFlag[] = [], json: string | undefined): void {
  const files = [...flags.flatMap(({ file }) => file ?? []), ...(json === undefined ? [] : [json])];
  for (const [k, file] of files.entries()) {
    if (files.indexOf(file) < k)
      throw new UserError(
        `two reports are to be written to ${file === STDOUT ? 'stdout' : file}`,
        'Give each a file of its own.',
      );
    if (file !== STDOUT) prepareFile(file);
  }
}

/** Writes the reports, which may be some of `all`; `folder` is the run's. What it returns is said of them, a line for each file. */
export async function writeReports(
  flags: readonly ReporterFlag[],
  run: RecordedRun,
  folder: string,
  context: ReportContext & { readonly json: string | undefined },
  all = flags,
): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, file } of flags) {
    const { file: own, render } = reporters[name];
    const text = await render(run, context);
    const path = file ?? (own && join(folder, own));
    if (path === STDOUT) process.stdout.write(text);
    else if (path === null) (takesStdout(all, context.json) ? process.stderr : process.stdout).write(text);
    else {
      writeTo(path, text);
      lines.push(`${name}: ${relative('', path)}`);
    }
    if (name === 'github') await addJobSummary(run);
  }
  return lines;
}

/** Adds the run to the summary of the job, where GitHub says in which file that is. That it cannot be written to fails no run. */
async function addJobSummary(run: RecordedRun): Promise<void> {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  const { toJobSummary } = await import('../report/github.ts');
  try {
    appendFileSync(path, toJobSummary(run, existsSync(path) ? statSync(path).size : 0));
  } catch (error) {
    process.stderr.write(
      `the job's summary was not written: ${inert((error as Error).message, LONGEST_MESSAGE)}\n`,
    );
  }
}
