/** How a finding is replayed. */

import type { RecordedFinding } from '../record/run.ts';
import { isBuiltin } from '../targets/builtin.ts';
import { STDIO_PREFIX } from '../targets/prefixes.ts';
import { splitWords } from '../targets/process/words.ts';
import { inert } from '../text/inert.ts';
import { commandLine, quotedPath } from '../text/shell.ts';

/** Of what runs a test again, so many characters are shown. */
const LONGEST_LINE = 1000;

/** A target that is called by more characters is not named: `replay` says then that it has to be. */
const LONGEST_SPECIFIER = 2000;

/** The line that replays a finding. A target of the user's has to be named again: a file never runs what it names. */
export function replayLine(recorded: RecordedFinding): string {
  return lineOf('replay', recorded);
}

/** The line that goes on shrinking a finding. */
export function minimizeLine(recorded: RecordedFinding): string {
  return lineOf('minimize', recorded);
}

function lineOf(command: string, recorded: RecordedFinding): string {
  const { file, specifier } = recorded.named ?? { file: recorded.file, ...recorded.finding.target };
  // What runs the test again that asked for the campaign.
  const again = specifier.startsWith(STDIO_PREFIX) ? specifier.slice(STDIO_PREFIX.length) : '';
  if (again !== '') return harmless(again);
  const isNamed = !isBuiltin(specifier) && specifier.length <= LONGEST_SPECIFIER;
  return `npx softmax-fuzz ${command} ${quotedPath(file)}${isNamed ? ` ${commandLine(['--target', specifier])}` : ''}`;
}

/** A line of somebody else's, which is harmless to look at with the same words in other quotes, if not as it is. */
function harmless(line: string): string {
  const shown = inert(line, LONGEST_LINE);
  if (shown === line) return line;
  try {
    const again = commandLine(splitWords(line));
    return again.length <= LONGEST_LINE ? again : shown;
  } catch {
    return shown; // A quote is not closed.
  }
}
