/** A comparison of targets as two tables of plain text, which Markdown renders as tables too, or as lists. */

import type { AccuracyDifference } from '../campaign/compare/accuracy-differences.ts';
import type { Comparison, MeasuredOperation } from '../campaign/compare/comparison.ts';
import type { RecordedRun } from '../record/run.ts';
import { inert } from '../text/inert.ts';
import { describeChanges } from './accuracy-changes.ts';
import { inertRun } from './inert.ts';
import { plain } from './markdown.ts';
import { formatCount, formatNumberOf, formatSize } from './numbers.ts';

/**
 * Errors of each operation of each target, then what each makes of special inputs; `run` has the buckets. As two tables, or
 * where they are wider than `width`, as lists.
 */
export function formatComparison(
  comparison: Comparison,
  run: RecordedRun,
  width = Number.POSITIVE_INFINITY,
): string {
  return formatNamed(named(comparison, inert), inertRun(run), width);
}

/** The same as Markdown, in which no name of a target's is markup. */
export function comparisonToMarkdown(comparison: Comparison, run: RecordedRun): string {
  const cell = (name: string): string => plain(inert(name)).replaceAll('|', '\\|');
  const { targets } = inertRun(run);
  const renamed = targets.map((result) => ({
    ...result,
    target: { ...result.target, name: plain(result.target.name).replaceAll('|', '\\|') },
  }));
  return formatNamed(named(comparison, cell), { ...run, targets: renamed }, Number.POSITIVE_INFINITY);
}

/** The comparison with the names of targets as `nameOf` gives them. */
function named(
  { targets, measured, accuracy, ...rest }: Comparison,
  nameOf: (name: string) => string,
): Comparison {
  return {
    ...rest,
    targets: targets.map((name) => nameOf(name)),
    measured: measured.map((each) => ({ ...each, target: nameOf(each.target) })),
    accuracy: accuracy.map((each) => ({
      ...each,
      target: nameOf(each.target),
      against: nameOf(each.against),
    })),
  };
}

function formatNamed(comparison: Comparison, run: RecordedRun, width: number): string {
  const tables = formatTables(comparison, run);
  const isTooWide = tables.split('\n').some((line) => line.length > width);
  const head = `errors on ${formatNumberOf(comparison.batches, 'small batch', 'small batches')}, and buckets of the whole campaign`;
  const differences = comparison.accuracy.flatMap(formatDifference);
  const accuracy =
    differences.length === 0
      ? ''
      : `\n\naccuracy on the batches that are the same in every run\n\n${differences.join('\n')}`;
  return `${head}\n\n${isTooWide ? formatLists(comparison, run) : tables}${accuracy}`;
}

/** `- after, against before: less accurate: softmax, rows of 12: …`. */
function formatDifference({ target, against, changes }: AccuracyDifference): string[] {
  return describeChanges(changes).map((line) => `- ${target}, against ${against}: ${line}`);
}

function formatTables({ targets, measured, semantics }: Comparison, run: RecordedRun): string {
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
  if (semantics.length === 0) return errors; // There was no time to ask.
  const answers = table(
    ['input', ...targets],
    semantics.map(({ question, answers }) => [question, ...answers]),
  );
  return `${errors}\n\n${answers}`;
}

/** Each operation with a line for each target, and each question with a line for each answer. */
function formatLists({ targets, measured, semantics }: Comparison, run: RecordedRun): string {
  const longest = Math.max(...targets.map((name) => name.length));
  const names = [...new Set(measured.map(({ operation }) => operation))];
  const errors = names.flatMap((name) => [
    name,
    ...measured
      .filter(({ operation }) => operation === name)
      .map((each) => `  ${each.target.padEnd(longest)}  ${formatErrors(each, run)}`),
  ]);
  const questions = semantics.flatMap(({ question, answers }) => [
    question,
    ...[...new Set(answers)]
      .filter((answer) => answer !== '-')
      .map((answer) => `  ${answer}: ${givers(answer, answers, targets)}`),
  ]);
  return [...errors, ...questions].join('\n');
}

/** Those of `targets` that gave the answer, or that all did. */
function givers(answer: string, answers: readonly string[], targets: readonly string[]): string {
  const names = targets.filter((_, t) => answers[t] === answer);
  return names.length === targets.length ? 'all' : names.join(', ');
}

function formatErrors(measured: MeasuredOperation, run: RecordedRun): string {
  const { errorUlp, budgetUse, unanswered, notFinite } = measured;
  const found = buckets(measured, run);
  return [
    `${formatSize(errorUlp)} ULP`,
    Number.isFinite(budgetUse) ? `${formatSize(budgetUse)} of its budget` : 'where none is allowed',
    unanswered > 0 && `${unanswered} unanswered`,
    unanswered === 0 && notFinite > 0 && `${formatCount(notFinite)} not finite`,
    found !== '0' && `buckets: ${found}`,
  ]
    .filter((part) => part !== false)
    .join(', ');
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
