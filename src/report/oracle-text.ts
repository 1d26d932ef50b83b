/** The oracle's answers for a person: exact digits, the nearest FP32, and its neighbors. */
import { toHex } from '../float32/bits.ts';
import { formatFloat } from '../float32/format.ts';
import { nextDown, nextUp } from '../float32/ordinal.ts';
import { createOracle } from '../oracle/exact.ts';
import { operationsFor, type Request } from '../record/request.ts';
import type { Decimal } from '../row/decimal.ts';
import { formatCall } from './call.ts';

const DIGITS = 20;

/** A table for each operation. Exact values are rounded to 20 digits; nearer to 0 than 10^-86, only that bound is given. */
export function formatAnswers(request: Request): string {
  const { batch } = request;
  const oracle = createOracle(batch);
  return operationsFor(request)
    .map((operation) => {
      const { values, rounded } = oracle.answer(operation);
      const lines = values.map((value, k) => formatLine(labelOf(k, values.length), value, rounded[k]));
      return [formatCall(operation, batch), header, ...lines].join('\n');
    })
    .join('\n\n');
}

const header = line('', `exact to ${DIGITS} digits`, 'nearest FP32', 'below', 'above');

function formatLine(label: string, value: Decimal, rounded: number): string {
  const neighbors = Number.isFinite(rounded) ? [nextDown(rounded), nextUp(rounded)].map(describe) : ['', ''];
  return line(label, formatExact(value), describe(rounded), neighbors[0], neighbors[1]);
}

function formatExact(value: Decimal): string {
  if (!value.isZero() && value.abs().lt('1e-86')) return value.isNegative() ? 'above -1e-86' : 'below 1e-86';
  return value.toSignificantDigits(DIGITS).toString();
}

function describe(value: number): string {
  return `${formatFloat(value)} ${toHex(value)}`;
}

function labelOf(k: number, length: number): string {
  return length === 1 ? '' : String(k);
}

function line(label: string, exact: string, nearest: string, below: string, above: string): string {
  return `${label.padStart(5)}  ${exact.padEnd(28)}${nearest.padEnd(24)}${below.padEnd(24)}${above}`.trimEnd();
}
