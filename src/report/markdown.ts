/** A run as a Markdown page: the verdicts first, then each finding with what a reader needs to believe it. */

import type { Finding } from '../core/finding.ts';
import { gridOf } from '../core/grid.ts';
import { isWhole, type Sketch } from '../core/kept.ts';
import { describeFormats } from '../formats/describe.ts';
import type { RecordedFinding, RecordedRun, RecordedTarget } from '../record/run.ts';
import { accuracyCells, accuracyHead } from './accuracy.ts';
import { describeChanges } from './accuracy-changes.ts';
import { answerOf } from './answer-format.ts';
import { formatAnswer, formatAnswerWords, formatCallOf, formatCalls, formatWords } from './call.ts';
import { describeDiagnosis, recordedFaults } from './causes.ts';
import { explained } from './explanation.ts';
import { formatCount, formatDuration } from './numbers.ts';
import { describePower } from './power.ts';
import { describeRepeats } from './repeats.ts';
import { minimizeLine, replayLine } from './replay-line.ts';
import { formatBoundary, formatError, formatOff, formatOrigin, formatPart, formatUnshrunk } from './text.ts';
import { formatExceeds, formatWeights } from './weight.ts';
import { describeAlone, describeCause, describeFactor, describeKind, describeVerdict } from './why.ts';

/** Longer inputs are cut; the whole is in the finding's file. */
const MOST_WORDS = 24;

/** The page of an {@link inertRun}. */
export function toMarkdown(run: RecordedRun): string {
  const interrupted = run.interrupted ? ' It was interrupted.' : '';
  const unshrunk = formatUnshrunk(run);
  return `${[
    '# softmax-fuzz',
    `${sentence(`${formatPart(run)}, ${formatDuration(run.elapsedMs)}`)}${interrupted}`,
    table(
      ['target', 'verdict', 'profile', 'batches', 'logits', 'findings', 'new'],
      run.targets.map((result) => [
        plain(result.target.name),
        describeVerdict(result),
        [result.target.profile, describeFormats(result.target.formats)]
          .filter((part) => part !== null)
          .join(', '),
        formatCount(result.cases),
        formatCount(result.elements),
        String(result.findings.length),
        String(result.findings.filter(({ finding }) => !finding.known).length),
      ]),
    ),
    ...(unshrunk === null ? [] : [sentence(unshrunk)]),
    ...run.targets.flatMap(targetSection),
  ].join('\n\n')}\n`;
}

function targetSection(result: RecordedTarget): string[] {
  const { target, findings, notFound, accuracies, power, changes = [] } = result;
  const missing = notFound.map((bucket) => `- ${code(bucket)}`).join('\n');
  return [
    `## ${plain(target.name)}`,
    ...(target.notes ?? []).map((note) => sentence(plain(note))),
    ...(findings.length === 0
      ? [power === undefined ? 'Nothing found.' : `Nothing found: ${describePower(power)}.`]
      : [faultsTable(findings), ...findings.map(findingSection)]),
    ...describeRepeats(result).map(sentence),
    ...(changes.length === 0
      ? []
      : [
          describeChanges(changes)
            .map((line) => `- ${line}`)
            .join('\n'),
        ]),
    ...(accuracies.length === 0 ? [] : [table(accuracyHead, accuracies.map(accuracyCells))]),
    ...(missing === '' ? [] : [`Known, but not found in this run:\n\n${missing}`]),
  ];
}

/** A row for each fault, with what else it shows as. */
function faultsTable(findings: readonly RecordedFinding[]): string {
  return table(
    ['finding', 'bucket', 'smallest input', 'expected', 'got', 'answers as a kernel that', 'shows too as'],
    recordedFaults(findings).map(({ lead: { finding, id }, others, cause }) => [
      `[${id}](#${id})`,
      `${code(finding.bucket)}${finding.known ? ' (known)' : ''}`,
      code(formatCalls(finding, 8)),
      code(formatAnswer(finding.expected, finding.index, answerOf(finding))),
      finding.output === null
        ? 'no answer'
        : code(formatAnswer(finding.output, finding.index, answerOf(finding))),
      cause === null ? '' : describeDiagnosis(cause).replace('answers as a kernel would that ', ''),
      others.map((other) => `[${other.finding.bucket}](#${other.id})`).join(', '),
    ]),
  );
}

function findingSection(recorded: RecordedFinding): string {
  const { finding, id } = recorded;
  const cause = describeCause(finding);
  const alone = describeAlone(finding);
  const factor = describeFactor(finding);
  const weights = formatWeights(finding);
  const exceeds = formatExceeds(finding);
  const boundary = formatBoundary(finding);
  const facts = [
    ...(finding.detail === null ? [] : [`- Detail: ${code(finding.detail)}`]),
    `- Input: ${code(formatCalls(finding))}`,
    ...(alone === null ? [] : [`- Alone: ${alone}`]),
    `- Words: ${code(formatWords(finding.batch.logits, MOST_WORDS, gridOf(finding.batch)))}`,
    ...(finding.batch.upstream === null
      ? []
      : [`- Upstream: ${code(formatWords(finding.batch.upstream, MOST_WORDS, gridOf(finding.batch)))}`]),
    `- Expected: ${code(formatAnswerWords(finding.expected, finding.index, answerOf(finding)))}`,
    ...(finding.output === null
      ? []
      : [
          `- Got: ${code(formatAnswerWords(finding.output, finding.index, answerOf(finding)))}; ${formatError(finding)}`,
        ]),
    ...(factor === null ? [] : [`- Factor: ${factor}`]),
    ...(weights === null ? [] : [`- Weight: ${weights}`]),
    ...(exceeds === null ? [] : [`- Known: ${exceeds}`]),
    ...(boundary === null ? [] : [`- Boundary: ${boundary}`]),
    ...anythingFact(recorded),
    ...worstFact(recorded),
    `- Found: ${plain(formatOrigin(finding))}`,
  ];
  return [
    `### <a id="${id}"></a>${finding.bucket}`,
    `${sentence(describeKind(finding))}${cause === null ? '' : ` ${sentence(`${cause.label}: ${cause.words}`)}`}`,
    facts.join('\n'),
    `\`\`\`sh\n${[...(finding.shrink.cut ? [minimizeLine(recorded)] : []), replayLine(recorded)].join('\n')}\n\`\`\``,
  ].join('\n\n');
}

function anythingFact({ finding }: RecordedFinding): string[] {
  const words = explained(finding);
  return words === null ? [] : [`- Anything: ${code(words.call)} ${words.sentence}`];
}

function worstFact({ finding }: RecordedFinding): string[] {
  const { worst } = finding;
  if (!Number.isFinite(worst.weight)) return [];
  return [`- Worst met: ${formatOff(worst)}, at ${describeSketch(finding, worst.batch)}`];
}

/** The call, or of a batch that was too large to be kept the shape. */
function describeSketch({ operation }: Finding, sketch: Sketch): string {
  return isWhole(sketch)
    ? code(formatCallOf({ operation, batch: sketch }))
    : `a batch of ${sketch.rows} x ${sketch.cols}`;
}

/** A code span. Nothing that is put into one needs its backquotes. */
function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** Inert foreign text with nothing in it that Markdown takes for markup or for a link. */
export function plain(text: string): string {
  return text
    .replace(/[\\`*[\]<>&~]|(?<!\w)_|_(?!\w)/g, '\\$&')
    .replace(/:\/\/|\bwww\./g, (beginning) => `${beginning.slice(0, -1)}\\${beginning.slice(-1)}`)
    .replace(/^(?=[#+=|-])/, '\\')
    .replace(/^(\d+)(?=[.)])/, '$1\\');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
