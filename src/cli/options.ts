/** Option values as the command line writes them. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { type Operation, operations } from '../core/operation.ts';
import { toHex } from '../float32/bits.ts';
import { unknownName } from '../text/nearest.ts';

/** The most rows, and the most logits of a row, that a batch may be told to have. */
const LARGEST_SIZE = 100_000;

/** A number of rows or of logits. */
export function batchSize(text: string): number {
  const size = Number(text);
  if (!/^\d+$/.test(text) || size < 1 || size > LARGEST_SIZE)
    throw new InvalidArgumentError(`Expected an integer from 1 to ${LARGEST_SIZE}.`);
  return size;
}

/** `-inf` and `-Infinity` as the word that they stand for, which a parser of options does not take for one. */
export function spellInfinity(argument: string): string {
  return /^-inf(inity)?$/i.test(argument) ? toHex(Number.NEGATIVE_INFINITY) : argument;
}

/** The most logits that a batch which is read may have, whatever is said: what an array can hold in 1 GB. */
const LARGEST_BATCH = 2 ** 28;

/** A number of logits. */
export function logitCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > LARGEST_BATCH)
    throw new InvalidArgumentError(`Expected an integer from 1 to ${LARGEST_BATCH}.`);
  return count;
}

/** An integer of at least 1. */
export function positiveInteger(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError('Expected an integer of at least 1.');
  return Number(text);
}

/** More processes than this, whatever the machine, only take each other's turns and memory. */
const mostWorkers = Math.max(64, 4 * availableParallelism());

/** A number of processes: up to 64, or four a core. */
export function workerCount(text: string): number {
  const workers = positiveInteger(text);
  if (workers > mostWorkers)
    throw new InvalidArgumentError(`Expected at most ${mostWorkers}: more than one a core gain nothing.`);
  return workers;
}

/** A whole number of generated cases; 0 runs the given cases alone. */
export function runCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected an integer of at least 0.');
  return Number(text);
}

/** Any integer of 32 bits, signed or not. */
export function seedNumber(text: string): number {
  const seed = Number(text);
  if (!/^-?\d+$/.test(text) || seed < -(2 ** 31) || seed >= 2 ** 32) {
    throw new InvalidArgumentError('Expected an integer from -2147483648 to 4294967295.');
  }
  return seed;
}

/** What a timer of Node can wait for, some 24 days, in milliseconds. */
const LONGEST_DURATION = 2 ** 31 - 1;

/** A duration like `30s`, `5m`, `1h` or `500ms`, in milliseconds: up to 24 days. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Expected a duration like 30s, 5m or 1h.');
  const milliseconds =
    Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] as 'ms' | 's' | 'm' | 'h'];
  if (!(milliseconds <= LONGEST_DURATION))
    throw new InvalidArgumentError('Expected a duration of at most 24 days, 576h.');
  return milliseconds;
}

/** A duration that is not 0. */
export function someDuration(text: string): number {
  const milliseconds = duration(text);
  if (milliseconds === 0) throw new InvalidArgumentError('Expected a duration above 0, like 1s.');
  return milliseconds;
}

/** A size like `512m` or `4g`, in bytes. */
export function memorySize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(m|g)$/i.exec(text);
  if (match === null || Number(match[1]) === 0)
    throw new InvalidArgumentError('Expected a size like 512m or 4g.');
  return Number(match[1]) * 2 ** (match[2].toLowerCase() === 'm' ? 20 : 30);
}

/**
 * Operation names, separated by commas.
 * @throws UserError that names the nearest operation when one is unknown.
 */
export function operationList(text: string): Operation[] {
  return text.split(',').map((part) => {
    const name = part.trim();
    const operation = operations.find((each) => each === name);
    if (operation === undefined) throw unknownName('operation', name, operations);
    return operation;
  });
}

/** A share of all, above 0 and up to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 1)) {
    throw new InvalidArgumentError('Expected a number above 0 and up to 1, like 0.001.');
  }
  return value;
}
