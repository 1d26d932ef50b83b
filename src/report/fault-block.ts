/** A fault in at most eight lines, as a run shows it on a terminal: `--verbose`, the page and `replay` have the rest. */
import type { Fault } from '../campaign/explain/faults.ts';
import type { RecordedFinding } from '../record/run.ts';
import { answerOf } from './answer-format.ts';
import { formatAnswerWords, formatCalls } from './call.ts';
import { describeDiagnosis } from './causes.ts';
import { minimizeLine, replayLine } from './replay-line.ts';
import {
  describeOthers,
  formatBoundary,
  formatError,
  formatExplanation,
  headingOf,
  labeled,
} from './text.ts';
import { formatExceeds } from './weight.ts';
import { describeAlone, describeCause, describeFactor, describeKind } from './why.ts';

/** A line, and how soon it is left out where there are too many: 0 is never. */
interface Line {
  readonly label: string;
  readonly text: string | null;
  readonly leaveOut: number;
}

const MOST_LINES = 8;

/** Of the logits of a call so many are shown. */
const MOST_LOGITS = 8;

/** The block of a fault. */
export function formatFault(fault: Fault<RecordedFinding>): string {
  const { finding } = fault.lead;
  const { output, expected, index, shrink, detail, errorUlp } = finding;
  const words = (answer: typeof expected): string =>
    formatAnswerWords(answer, index, answerOf(finding)).replace('  ', ' ');
  const reason = describeCause(finding);
  const isComparable = output !== null && !Number.isNaN(errorUlp) && finding.kind !== 'infinite';
  const lines: Line[] = [
    fault.cause === null
      ? { label: 'What', text: describeKind(finding), leaveOut: 0 }
      : { label: 'Cause', text: describeDiagnosis(fault.cause), leaveOut: 0 },
    { label: 'Detail', text: detail, leaveOut: output === null ? 0 : 1 },
    { label: reason?.label ?? '', text: reason?.words ?? null, leaveOut: 2 },
    { label: shrink.cut ? 'Input' : 'Simplest', text: formatCalls(finding, MOST_LOGITS), leaveOut: 0 },
    {
      label: 'Got',
      text: output && `${words(output)}, expected ${words(expected).replace(/^output\[\d+\] = /, '')}`,
      leaveOut: 0,
    },
    { label: 'Error', text: isComparable ? formatError(finding) : null, leaveOut: 3 },
    { label: 'Known', text: formatExceeds(finding), leaveOut: 0 },
    { label: 'Factor', text: describeFactor(finding), leaveOut: 3 },
    { label: 'Alone', text: describeAlone(finding), leaveOut: 5 },
    { label: 'Boundary', text: formatBoundary(finding), leaveOut: 6 },
    { label: 'Anything', text: formatExplanation(finding), leaveOut: 7 },
    // What else is one fault with it is told of a fault before more is of its lead: it may be another mistake.
    { label: 'Also', text: describeOthers(fault), leaveOut: 4 },
    { label: 'Shrink on', text: shrink.cut ? minimizeLine(fault.lead) : null, leaveOut: 0 },
    { label: 'Replay', text: replayLine(fault.lead), leaveOut: 0 },
  ];
  const said = lines.filter(({ text }) => text !== null);
  const most = said
    .map(({ leaveOut }) => leaveOut)
    .sort((a, b) => a - b)
    .slice(0, MOST_LINES - 1)
    .at(-1);
  const shown = said.filter(({ leaveOut }) => leaveOut <= (most ?? 0));
  return [headingOf(fault.lead), ...shown.map(({ label, text }) => labeled(label, text ?? ''))].join('\n');
}
