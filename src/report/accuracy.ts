/** How accurate the operations were that hold, as a table of text or of Markdown. */
import type { AccuracySummary, WorstNumber } from '../campaign/explore/accuracy.ts';
import { outputLength } from '../core/operation.ts';
import { formatSome } from './call.ts';
import { formatCount, formatSize } from './numbers.ts';

/** The heads of the columns. */
export const accuracyHead = [
  'accuracy, in ULP',
  'typical',
  '99.9 %',
  'worst',
  'of the budget',
  'most of it at',
] as const;

/** The cells of one operation's row: `softmax`, `0.25`, `1.1`, `2.4`, `0.41`, `[0, -16.6], output[1]`. */
export function accuracyCells(summary: AccuracySummary): string[] {
  const { operation, typicalUlp, highUlp, worstUlp, worstUse } = summary;
  return [
    operation,
    formatSize(typicalUlp),
    formatSize(highUlp),
    formatSize(worstUlp.error),
    formatSize(worstUse.error),
    formatPlace(operation, worstUse),
  ];
}

/** Where the largest part of the budget was used: the row where it is short, else its length and the case that it is of. */
function formatPlace(operation: AccuracySummary['operation'], worst: WorstNumber): string {
  const { case: number, index, cols, logits } = worst;
  const origin = number < 0 ? 'a given case' : `case ${formatCount(number)}`;
  const row = logits === null ? `a row of ${formatCount(cols)}` : formatSome(logits, 4);
  const isOne = outputLength(operation, 1, cols, undefined) === 1;
  return `${row}${isOne ? '' : `, output[${index % cols}]`} (${origin})`;
}

/** The table in columns; nothing where nothing was measured. */
export function formatAccuracies(summaries: readonly AccuracySummary[]): string[] {
  if (summaries.length === 0) return [];
  const rows = [[...accuracyHead], ...summaries.map(accuracyCells)];
  const widths = accuracyHead.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd(),
  );
}
