/** What a kernel threw or returned, in a few words on one line: it can be anything. */
import { inspect, types } from 'node:util';
import { inert } from '../text/inert.ts';

/** `TypeError: x is not a function`; what is no error, as it would be written in code. */
export function describeThrown(thrown: unknown): string {
  return inert(types.isNativeError(thrown) ? `${thrown.name}: ${thrown.message}` : literal(thrown));
}

/** `Float64Array(3)`, `Array(3)`, `undefined`, `'text'`, `{ loss: 1 }`. */
export function describeReturned(value: unknown): string {
  if (types.isTypedArray(value)) return `${value[Symbol.toStringTag]}(${value.length})`;
  return Array.isArray(value) ? `Array(${value.length})` : inert(literal(value));
}

function literal(value: unknown): string {
  return inspect(value, { depth: 0, customInspect: false, breakLength: Number.POSITIVE_INFINITY });
}
