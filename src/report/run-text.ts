/** A run as text for a terminal, which breaks its lines (terminal.ts). */
import type { RecordedRun, RecordedTarget } from '../record/run.ts';
import { formatAccuracies } from './accuracy.ts';
import { describeChanges } from './accuracy-changes.ts';
import { formatCalls } from './call.ts';
import { describeDiagnosis, recordedFaults } from './causes.ts';
import { formatFault } from './fault-block.ts';
import { formatDuration, formatNumberOf } from './numbers.ts';
import { describePower } from './power.ts';
import { describeRepeats } from './repeats.ts';
import { describeOthers, formatFinding, formatPart, formatUnshrunk } from './text.ts';
import { formatExceeds } from './weight.ts';
import { describeVerdict } from './why.ts';

/** Of the logits of a call so many are shown, and of the call so many characters. */
const MOST_WORDS = 8;
const LONGEST_CALL = 72;

/**
 * The whole run: a block for each new fault, in some lines or, verbose, with all that is known, and a verdict for each target with a line for each
 * fault.
 */
export function formatRun(run: RecordedRun, isVerbose = false): string {
  const blocks = run.targets.flatMap(({ findings }) =>
    recordedFaults(findings)
      .filter(({ lead }) => !lead.finding.known)
      .map((fault) => (isVerbose ? formatFinding(fault.lead, findings, fault) : formatFault(fault))),
  );
  const summaries = run.targets.map(formatTarget);
  const closing = `${formatPart(run)}, ${formatDuration(run.elapsedMs)}${run.interrupted ? ', interrupted' : ''}`;
  return [
    ...blocks,
    ...summaries,
    [formatUnshrunk(run), closing].filter((line) => line !== null).join('\n'),
  ].join('\n\n');
}

/** One target's verdict, with a line for each finding. */
export function formatTarget(result: RecordedTarget): string {
  const { target, operations, cases, elements, findings, notFound } = result;
  const amount = [
    formatNumberOf(cases, 'batch', 'batches'),
    formatNumberOf(elements, 'logit', 'logits'),
    formatNumberOf(operations.length, 'operation', 'operations'),
  ].join(', ');
  const faults = recordedFaults(findings);
  const width = Math.max(...faults.map(({ lead }) => lead.finding.bucket.length));
  const lines = faults.flatMap((fault) => {
    const { finding, id } = fault.lead;
    const heading = finding.severity === 'error' ? 'FAIL' : 'WARN';
    const status = finding.known ? 'known' : heading;
    const call = shortened(formatCalls(finding, MOST_WORDS));
    const exceeds = formatExceeds(finding);
    const heavier = exceeds === null ? '' : `  (${exceeds})`;
    const others = finding.known ? describeOthers(fault) : null; // Of a new one its block tells it.
    const cause = finding.known ? fault.cause : null;
    return [
      `  ${status.padEnd(6)}${id}  ${finding.bucket.padEnd(width)}  ${call}${heavier}`,
      ...(cause === null ? [] : [`        ${describeDiagnosis(cause)}`]),
      ...(others === null ? [] : [`        also ${others}`]),
    ];
  });
  const missing = notFound.map((bucket) => `  known, but not found in this run: ${bucket}`);
  const accuracies = formatAccuracies(result.accuracies);
  return [
    `${target.name}: ${describeVerdict(result)}  (${amount})`,
    ...(result.power ? [`  ${describePower(result.power)}`] : []),
    ...describeChanges(result.changes ?? []).map((line) => `  ${line}`),
    ...lines,
    ...missing,
    ...describeRepeats(result).map((line) => `  ${line}`),
    ...accuracies,
  ].join('\n');
}

/** The text, or its beginning where it is longer than a list has room for: the finding's block has it all. */
function shortened(text: string): string {
  return text.length > LONGEST_CALL ? `${text.slice(0, LONGEST_CALL)}…` : text;
}
