/** How a finding is replayed. */
import type { RecordedFinding } from '../record/run.ts';

/** The line that replays a finding. A target of the user's has to be named again: a file never runs what it names. */
export function replayLine({ finding, file }: RecordedFinding): string {
  const { specifier, name } = finding.target;
  const target = specifier === name ? '' : ` --target ${specifier}`;
  return `npx softmax-fuzz replay ${file}${target}`;
}
