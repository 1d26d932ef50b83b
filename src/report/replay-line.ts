/** How a finding is replayed. */
import { inert } from '../core/inert.ts';
import type { RecordedFinding } from '../record/run.ts';
import { isBuiltin } from '../targets/builtin.ts';
import { STDIO_PREFIX } from '../targets/prefixes.ts';

/** Of what runs a test again, so many characters are shown. */
const LONGEST_LINE = 1000;

/** The line that replays a finding. A target of the user's has to be named again: a file never runs what it names. */
export function replayLine(recorded: RecordedFinding): string {
  return lineOf('replay', recorded);
}

/** The line that goes on shrinking a finding. */
export function minimizeLine(recorded: RecordedFinding): string {
  return lineOf('minimize', recorded);
}

function lineOf(command: string, { finding, file }: RecordedFinding): string {
  const { specifier } = finding.target;
  // What runs the test again that asked for the campaign.
  const again = specifier.startsWith(STDIO_PREFIX) ? specifier.slice(STDIO_PREFIX.length) : '';
  if (again !== '') return inert(again, LONGEST_LINE);
  const target = isBuiltin(specifier) ? '' : ` --target ${quoted(specifier)}`;
  return `npx softmax-fuzz ${command} ${quoted(file)}${target}`;
}

/** The argument as a shell takes it: in quotes where it needs them. */
export function quoted(argument: string): string {
  return /^[\w./#:@+=-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
