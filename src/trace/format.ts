/** A trace as lines for people. */
import { toHex } from '../float32/bits.ts';
import { formatFloat } from '../float32/format.ts';
import type { Trace, TraceStep } from './trace.ts';

const symbols: Readonly<Partial<Record<TraceStep['op'], string>>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
};

/** How many steps stay on either side of the first non-finite one. */
const NEIGHBOURS = 3;

/**
 * A line a step, in aligned columns: its number from 1, the operation with its result, the result's FP32 word.
 *
 *     1  exp(0)       = 1         (3f800000)
 *     2  exp(89)      = Infinity  (7f800000)  <- first non-finite
 *
 * Of a trace longer than `limit` the first and the last steps stay, and the first non-finite one with its neighbors;
 * a line "… 34 steps …" stands for those left out.
 */
export function formatTrace({ steps, firstNonFinite }: Trace, limit = 40): string[] {
  const shown = shownSteps(steps.length, firstNonFinite, limit);
  const rows = shown.map((index) => ({
    index,
    number: String(index + 1),
    expression: expressionOf(steps[index]),
    result: formatFloat(steps[index].result),
    word: toHex(steps[index].result),
  }));
  const width = (column: 'number' | 'expression' | 'result') =>
    Math.max(...rows.map((row) => row[column].length));
  const [numbers, expressions, results] = [width('number'), width('expression'), width('result')];

  return rows.flatMap(({ index, number, expression, result, word }, i) => {
    const skipped = i === 0 ? 0 : index - shown[i - 1] - 1;
    const line =
      `${number.padStart(numbers)}  ${expression.padEnd(expressions)} = ${result.padEnd(results)}  (${word})` +
      (index === firstNonFinite ? '  <- first non-finite' : '');
    return skipped === 0 ? [line] : [`… ${skipped} steps …`, line];
  });
}

function expressionOf({ op, operands }: TraceStep): string {
  const texts = operands.map((value) => formatFloat(value));
  const symbol = symbols[op];
  return symbol === undefined ? `${op}(${texts.join(', ')})` : texts.join(` ${symbol} `);
}

/** The indices to show, ascending. A gap of one step is filled, since it costs the same line. */
function shownSteps(count: number, firstNonFinite: number | null, limit: number): number[] {
  const indices = Array.from({ length: count }, (_, index) => index);
  if (count <= limit) return indices;
  const ends = Math.max(1, Math.floor((limit - (firstNonFinite === null ? 0 : 2 * NEIGHBOURS + 1)) / 2));
  const kept = indices.filter(
    (index) =>
      index < ends ||
      index >= count - ends ||
      (firstNonFinite !== null && Math.abs(index - firstNonFinite) <= NEIGHBOURS),
  );
  return kept.flatMap((index, i) => (index - kept[i - 1] === 2 ? [index - 1, index] : [index]));
}
