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

/** How many steps stay on either side of a marked one. */
const NEIGHBOURS = 3;

/** A step of a trace as it is told. */
export interface TraceLine {
  /** Index of the step. */
  readonly index: number;
  /** `exp(89)`, `0 + 1`. */
  readonly expression: string;
  readonly result: string;
  readonly word: string;
  /** How many steps are left out before it. */
  readonly skipped: number;
}

/**
 * The steps that are told of a trace: all of them up to `limit`, and of a longer one the first and the last, with the surroundings of the
 * first non-finite one and of those in `marked`.
 */
export function traceLines(
  { steps, firstNonFinite }: Trace,
  limit = 40,
  marked: readonly number[] = [],
): TraceLine[] {
  const marks = [...(firstNonFinite === null ? [] : [firstNonFinite]), ...marked];
  const shown = shownSteps(steps.length, marks, limit);
  return shown.map((index, i) => ({
    index,
    expression: expressionOf(steps[index]),
    result: formatFloat(steps[index].result),
    word: toHex(steps[index].result),
    skipped: i === 0 ? index : index - shown[i - 1] - 1,
  }));
}

/**
 * A line a step, in aligned columns: its number from 1, the operation with its result, the result's FP32 word.
 *
 *     1  exp(0)       = 1         (3f800000)
 *     2  exp(89)      = Infinity  (7f800000)  <- first non-finite
 *
 * Of a trace longer than `limit` the first and the last steps stay, and the first non-finite one with its neighbors;
 * a line "… 34 steps …" stands for those left out.
 */
export function formatTrace(trace: Trace, limit = 40): string[] {
  const lines = traceLines(trace, limit).map((line) => ({ ...line, number: String(line.index + 1) }));
  const width = (column: 'number' | 'expression' | 'result') =>
    Math.max(...lines.map((line) => line[column].length));
  const [numbers, expressions, results] = [width('number'), width('expression'), width('result')];

  return lines.flatMap(({ index, number, expression, result, word, skipped }) => {
    const line =
      `${number.padStart(numbers)}  ${expression.padEnd(expressions)} = ${result.padEnd(results)}  (${word})` +
      (index === trace.firstNonFinite ? '  <- first non-finite' : '');
    return skipped === 0 ? [line] : [`… ${skipped} steps …`, line];
  });
}

function expressionOf({ op, operands }: TraceStep): string {
  const texts = operands.map((value) => formatFloat(value));
  const symbol = symbols[op];
  return symbol === undefined ? `${op}(${texts.join(', ')})` : texts.join(` ${symbol} `);
}

/** The indices to show, ascending. A gap of one step is filled, since it costs the same line. */
function shownSteps(count: number, marks: readonly number[], limit: number): number[] {
  const indices = Array.from({ length: count }, (_, index) => index);
  if (count <= limit) return indices;
  const ends = Math.max(1, Math.floor((limit - marks.length * (2 * NEIGHBOURS + 1)) / 2));
  const isNear = (index: number) => marks.some((mark) => Math.abs(index - mark) <= NEIGHBOURS);
  const kept = indices.filter((index) => index < ends || index >= count - ends || isNear(index));
  return kept.flatMap((index, i) => (index - kept[i - 1] === 2 ? [index - 1, index] : [index]));
}
