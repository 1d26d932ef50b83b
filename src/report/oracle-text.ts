/** The oracle's answers for a person: exact digits, the nearest FP32, and its neighbors. */
import { formatFloat } from '../float32/format.ts';
import type { Format } from '../formats/format.ts';
import { toHexIn } from '../formats/words.ts';
import { createOracle } from '../oracle/exact.ts';
import { answerFormatOf, operationsFor, type Request } from '../record/request.ts';
import type { Decimal } from '../row/decimal.ts';
import { formatCall } from './call.ts';

const DIGITS = 20;

/** A table for each operation. Exact values are rounded to 20 digits; nearer to 0 than 10^-86, only that bound is given. */
export function formatAnswers(request: Request): string {
  const { batch } = request;
  const oracle = createOracle(batch);
  const format = answerFormatOf(request);
  return operationsFor(request)
    .map((operation) => {
      const { values } = oracle.answer(operation);
      const rounded = oracle.rounded(operation, format);
      const lines = values.map((value, k) =>
        formatLine(labelOf(k, values.length), value, rounded[k], format),
      );
      return [formatCall(operation, batch), headerOf(format), ...lines].join('\n');
    })
    .join('\n\n');
}

function headerOf({ name }: Format): string {
  return line('', `exact to ${DIGITS} digits`, `nearest ${name.toUpperCase()}`, 'below', 'above');
}

function formatLine(label: string, value: Decimal, rounded: number, format: Format): string {
  const { fromOrdinal, toOrdinal } = format;
  const neighbors = [-1, 1].map((step) =>
    Number.isFinite(rounded) ? describe(fromOrdinal(toOrdinal(rounded) + step), format) : '',
  );
  return line(label, formatExact(value), describe(rounded, format), neighbors[0], neighbors[1]);
}

function formatExact(value: Decimal): string {
  if (!value.isZero() && value.abs().lt('1e-86')) return value.isNegative() ? 'above -1e-86' : 'below 1e-86';
  return value.toSignificantDigits(DIGITS).toString();
}

function describe(value: number, format: Format): string {
  return `${formatFloat(value, format.round)} ${toHexIn(value, format)}`;
}

function labelOf(k: number, length: number): string {
  return length === 1 ? '' : String(k);
}

function line(label: string, exact: string, nearest: string, below: string, above: string): string {
  return `${label.padStart(5)}  ${exact.padEnd(28)}${nearest.padEnd(24)}${below.padEnd(24)}${above}`.trimEnd();
}
