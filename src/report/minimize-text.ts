/** What minimizing gave, as text for a terminal. */

import type { Minimized } from '../record/minimize.ts';
import type { Replay } from '../record/replay.ts';
import type { RecordedFinding } from '../record/run.ts';
import { inert } from '../text/inert.ts';
import { inertFinding } from './inert.ts';
import { formatNumberOf } from './numbers.ts';
import { replayLine } from './replay-line.ts';
import { formatReplay } from './replay-text.ts';
import { formatOrigin } from './text.ts';

/** A finding as its replay shows it, with where it is from, where it is and how to replay it. */
export function formatMinimized(given: RecordedFinding, replay: Replay): string {
  const recorded = inertFinding(given);
  return [
    formatReplay(replay),
    '',
    `Found     ${formatOrigin(recorded.finding)}`,
    `File      ${recorded.file}`,
    `Replay    ${replayLine(recorded)}`,
  ].join('\n');
}

/** What is said when every answer is right. */
export function formatNothing({ target, operations }: Minimized): string {
  const tried = formatNumberOf(operations.length, 'operation', 'operations');
  return `nothing to minimize: ${inert(target.name)} passes (${tried}: ${operations.join(', ')}).`;
}
