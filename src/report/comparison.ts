/** A comparison of targets as two tables of plain text, which Markdown renders as tables too. */
import type { Comparison, MeasuredOperation } from '../campaign/comparison.ts';
import type { RecordedRun } from '../record/run.ts';
import { formatCount, formatNumberOf, formatSize } from './numbers.ts';

/** Errors of each operation of each target, then what each makes of special inputs. `run` has the buckets. */
export function formatComparison(
  { targets, batches, measured, semantics }: Comparison,
  run: RecordedRun,
): string {
  const errors = table(
    ['operation', 'target', 'worst error', 'of its budget', 'not finite', 'buckets'],
    measured.map((each) => [
      each.operation,
      each.target,
      `${formatSize(each.errorUlp)} ULP`,
      Number.isFinite(each.budgetUse) ? formatSize(each.budgetUse) : 'none allowed',
      each.unanswered > 0 ? `${each.unanswered} unanswered` : formatCount(each.notFinite),
      buckets(each, run),
    ]),
  );
  const answers = table(
    ['input', ...targets],
    semantics.map(({ question, answers }) => [question, ...answers]),
  );
  return `errors on ${formatNumberOf(batches, 'small batch', 'small batches')}, and buckets of the whole campaign\n\n${errors}\n\n${answers}`;
}

function buckets({ operation, target }: MeasuredOperation, { targets }: RecordedRun): string {
  const found = targets
    .filter((result) => result.target.name === target)
    .flatMap(({ findings }) => findings)
    .filter(({ finding }) => finding.operation === operation);
  const known = found.filter(({ finding }) => finding.known).length;
  return known === 0 ? String(found.length) : `${found.length}, ${known} known`;
}

/** Columns as wide as what they hold. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
}
