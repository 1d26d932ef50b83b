/** A fault in a few lines, for where there is no room for more: annotations, alerts, the heading of a failed test. */
import type { Fault } from '../campaign/explain/faults.ts';
import type { Finding } from '../core/finding.ts';
import type { RecordedFinding } from '../record/run.ts';
import { answerOf } from './answer-format.ts';
import { formatAnswer, formatCalls } from './call.ts';
import { describeDiagnosis } from './causes.ts';
import { replayLine } from './replay-line.ts';
import { describeOthers } from './text.ts';
import { describeKind } from './why.ts';

/** Of the logits of a call so many are shown. */
const MOST_WORDS = 8;

/** `softmax([89]) answers [NaN], expected [1]: NaN where the exact answer is finite`. */
export function headline(finding: Finding): string {
  const { output, expected, index, detail } = finding;
  const answer = (values: NonNullable<Finding['output']>): string =>
    formatAnswer(values, index, answerOf(finding));
  const call = formatCalls(finding, MOST_WORDS);
  const happened = output === null ? call : `${call} answers ${answer(output)}, expected ${answer(expected)}`;
  return `${happened}: ${describeKind(finding)}${detail === null ? '' : ` (${detail})`}`;
}

/** The headline, the cause, what else it shows as, and the line that replays it. */
export function briefly(fault: Fault<RecordedFinding>): string[] {
  const others = describeOthers(fault);
  return [
    headline(fault.lead.finding),
    ...(fault.cause === null ? [] : [`It ${describeDiagnosis(fault.cause)}.`]),
    ...(others === null ? [] : [`Also ${others}.`]),
    `Replay: ${replayLine(fault.lead)}`,
  ];
}

/** Whether a finding fails its run: a new error does, and where that is asked a new warning. */
export function failsRun({ known, severity }: Finding, strict: boolean): boolean {
  return !known && (strict || severity === 'error');
}

/**
 * The source file that a specifier names, relative as it is there, with `/`; null where it is none, but a package, a program, or what was
 * compiled.
 */
export function sourceOf(specifier: string): string | null {
  const path = specifier.replace(/^wgsl:/, '').replace(/#[^/\\]*$/s, '');
  if (!/^(?!\w{2,}:).*\.(?:[cm]?[jt]s|wgsl)$/s.test(path)) return null;
  return path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
}
