/** What a kernel threw or returned, in a few words on one line: it can be anything. */
import { inspect, types } from 'node:util';

const LONGEST = 200;

/** `TypeError: x is not a function`; what is no error, as it would be written in code. */
export function describeThrown(thrown: unknown): string {
  return oneLine(types.isNativeError(thrown) ? `${thrown.name}: ${thrown.message}` : literal(thrown));
}

/** `Float64Array(3)`, `Array(3)`, `undefined`, `'text'`, `{ loss: 1 }`. */
export function describeReturned(value: unknown): string {
  if (types.isTypedArray(value)) return `${value[Symbol.toStringTag]}(${value.length})`;
  return Array.isArray(value) ? `Array(${value.length})` : oneLine(literal(value));
}

function literal(value: unknown): string {
  return inspect(value, { depth: 0, customInspect: false, breakLength: Number.POSITIVE_INFINITY });
}

/** The text without line breaks and control characters, which could do anything to a terminal, cut after `longest` characters. */
export function oneLine(text: string, longest = LONGEST): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
