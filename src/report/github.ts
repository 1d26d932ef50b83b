/** A run as GitHub shows it: annotations, and the summary of a job. */
import type { RecordedRun } from '../record/run.ts';
import { briefly, failsRun, sourceOf } from './brief.ts';
import { recordedFaults } from './causes.ts';
import { inertRun } from './inert.ts';
import { toMarkdown } from './markdown.ts';
import type { ReportContext } from './reporter.ts';

/** GitHub shows so many annotations of each kind that a step makes, and drops the rest. */
const MOST = 10;

/** A job's summary may have 1 MiB for each step. */
const LARGEST_SUMMARY = 2 ** 20;

/** A line for each new fault of an {@link inertRun}, errors and warnings, as the runner reads them; where they are too many the last counts the rest. */
export function toAnnotations(run: RecordedRun, { strict }: ReportContext): string {
  const commands = run.targets.flatMap(({ target, findings }) =>
    recordedFaults(findings)
      .filter(({ lead }) => !lead.finding.known)
      .map((fault) => {
        const { finding } = fault.lead;
        const file = sourceOf(target.specifier);
        const level = failsRun(finding, strict) ? 'error' : 'warning';
        const title = `${target.name}: ${finding.bucket}`;
        const message = briefly(fault).join('\n');
        return { level, text: command(level, { ...(file !== null && { file, line: 1 }), title }, message) };
      }),
  );
  const lines = ['error', 'warning'].flatMap((level) => {
    const those = commands.filter((each) => each.level === level).map(({ text }) => text);
    if (those.length <= MOST) return those;
    const left = those.length - (MOST - 1);
    const more = command(level, { title: 'softmax-fuzz' }, `${left} faults more: the job's summary has them`);
    return [...those.slice(0, MOST - 1), more];
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** `::error file=my-softmax.mjs,line=1,title=…::…`. */
function command(
  level: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${level} ${written.join(',')}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** The Markdown page, or as many of its findings as there is room for beside `used` bytes. */
export function toJobSummary(run: RecordedRun, used = 0): string {
  const page = toMarkdown(inertRun(run));
  const room = LARGEST_SUMMARY - used;
  if (Buffer.byteLength(page) <= room) return page;
  const left = '\n\nThere was no room for more: summary.md, beside the report, has all of it.\n';
  const beginning = Buffer.from(page).subarray(0, Math.max(0, room - Buffer.byteLength(left)));
  const end = beginning.lastIndexOf('\n\n### ');
  return end <= 0 ? '' : `${beginning.subarray(0, end).toString()}${left}`;
}
