/** A run as a Markdown page: the verdicts first, then each finding with what a reader needs to believe it. */
import { toHex } from '../float32/bits.ts';
import { formatFloat } from '../float32/format.ts';
import type { RecordedFinding, RecordedRun, RecordedTarget } from '../record/run.ts';
import { formatCall, formatSome } from './call.ts';
import { formatCount, formatDuration, formatSize } from './numbers.ts';
import { replayLine } from './replay-line.ts';
import { formatBoundary, formatError, formatOrigin } from './text.ts';
import { describeKind, describeTrigger } from './why.ts';

const verdicts = {
  held: 'every property held',
  known: 'only known findings',
  falsified: '**falsified**',
} as const;

/** The page. */
export function toMarkdown(run: RecordedRun): string {
  const interrupted = run.interrupted ? ' It was interrupted.' : '';
  return `${[
    '# softmax-fuzz',
    `Seed ${run.seed}, ${formatDuration(run.elapsedMs)}.${interrupted}`,
    table(
      ['target', 'verdict', 'profile', 'batches', 'logits', 'findings', 'new'],
      run.targets.map(({ target, verdict, cases, elements, findings }) => [
        target.name,
        verdicts[verdict],
        target.profile,
        formatCount(cases),
        formatCount(elements),
        String(findings.length),
        String(findings.filter(({ finding }) => !finding.known).length),
      ]),
    ),
    ...run.targets.flatMap(targetSection),
  ].join('\n\n')}\n`;
}

function targetSection({ target, findings, notFound }: RecordedTarget): string[] {
  const missing = notFound.map((bucket) => `- \`${bucket}\``).join('\n');
  return [
    `## ${target.name}`,
    ...(findings.length === 0 ? ['Nothing found.'] : [overview(findings), ...findings.map(findingSection)]),
    ...(missing === '' ? [] : [`Known, but not found in this run:\n\n${missing}`]),
  ];
}

function overview(findings: readonly RecordedFinding[]): string {
  return table(
    ['finding', 'bucket', 'smallest input', 'expected', 'got'],
    findings.map(({ finding, id }) => [
      `[${id}](#${id})`,
      `\`${finding.bucket}\`${finding.known ? ' (known)' : ''}`,
      `\`${formatCall(finding.operation, finding.batch)}\``,
      `\`${formatSome(finding.expected, 4)}\``,
      finding.output === null ? 'no answer' : `\`${formatSome(finding.output, 4)}\``,
    ]),
  );
}

function findingSection(recorded: RecordedFinding): string {
  const { finding, id } = recorded;
  const trigger = describeTrigger(finding);
  const boundary = formatBoundary(finding);
  const facts = [
    `- Input: \`${formatCall(finding.operation, finding.batch)}\``,
    `- Expected: \`${formatSome(finding.expected, 8)}\``,
    ...(finding.output === null
      ? []
      : [`- Got: \`${formatSome(finding.output, 8)}\`; ${formatError(finding)}`]),
    ...(boundary === null ? [] : [`- Boundary: ${boundary}`]),
    ...worstFact(recorded),
    `- Found: ${formatOrigin(finding)}`,
  ];
  return [
    `### <a id="${id}"></a>${finding.bucket}`,
    `${sentence(describeKind(finding))}${trigger === null ? '' : ` ${sentence(trigger)}`}`,
    facts.join('\n'),
    wordTable(recorded),
    `\`\`\`sh\n${replayLine(recorded)}\n\`\`\``,
  ].join('\n\n');
}

function worstFact({ finding: { worst, operation } }: RecordedFinding): string[] {
  if (!Number.isFinite(worst.budgetUse)) return [];
  return [
    `- Worst met: ${formatSize(worst.budgetUse)} times the budget, at \`${formatCall(operation, worst.batch)}\``,
  ];
}

/** Input words of small batches, one logit a line, so that nothing depends on decimal digits. */
function wordTable({ finding: { batch } }: RecordedFinding): string {
  if (batch.logits.length > 16) return `The ${batch.logits.length} logits are in the file.`;
  return table(
    ['logit', 'value', 'word'],
    Array.from(batch.logits, (x, k) => [
      batch.rows === 1 ? String(k) : `${Math.floor(k / batch.cols)}, ${k % batch.cols}`,
      formatFloat(x),
      `\`${toHex(x)}\``,
    ]),
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
