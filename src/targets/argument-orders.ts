/** The ways in which functions of each operation are called in JavaScript. */
import { type Operation, usesTargets, usesUpstream } from '../core/operation.ts';
import type { Role } from './signature.ts';

/** A list of arguments. */
export type Reading = readonly Role[];

/** The arguments of the contract. */
export function contractReading(operation: Operation): Reading {
  if (usesTargets(operation)) return ['logits', 'targets', 'rows', 'cols'];
  if (usesUpstream(operation)) return ['upstream', 'logits', 'rows', 'cols'];
  return ['logits', 'rows', 'cols'];
}

// Those of a batch before those of a row: a batch of one row is a row to either.
const ofLogits: readonly Reading[] = [
  ['matrix'],
  ['logits', 'cols'],
  ['inPlace', 'cols'],
  ['inPlace', 'rows', 'cols'],
  ['logits', 'out', 'rows', 'cols'],
  ['out', 'logits', 'rows', 'cols'],
  ['logits', 'rows', 'cols', 'out'],
  ['row'],
  ['array'],
  ['rowInPlace'],
  ['row', 'cols'],
  ['array', 'cols'],
  ['row', 'out'],
  ['out', 'row'],
  ['rowInPlace', 'cols'],
  ['row', 'out', 'cols'],
  ['out', 'row', 'cols'],
];

const ofTargets: readonly Reading[] = [
  ['matrix', 'targets'],
  ['logits', 'targets', 'cols'],
  ['inPlace', 'targets', 'rows', 'cols'],
  ['targets', 'logits', 'rows', 'cols'],
  ['logits', 'targets', 'out', 'rows', 'cols'],
  ['row', 'target'],
  ['array', 'target'],
  ['target', 'row'],
  ['target', 'array'],
  ['row', 'target', 'cols'],
  ['row', 'target', 'out'],
];

const ofUpstream: readonly Reading[] = [
  ['logits', 'upstream', 'rows', 'cols'],
  ['upstream', 'logits', 'out', 'rows', 'cols'],
  ['upstream', 'row'],
  ['row', 'upstream'],
  ['upstream', 'row', 'cols'],
  ['row', 'upstream', 'cols'],
  ['upstream', 'row', 'out'],
];

/**
 * How a function of `operation` with so many parameters may be called, the contract's way first; and where it declares
 * none, as with `...args`, the contract's way alone. A function with the parameters of the contract is not taken to have
 * others for one row: one that leaves rows out of account would be excused.
 */
export function readingsOf(operation: Operation, parameters: number): readonly Reading[] {
  const contract = contractReading(operation);
  const isForRows = (reading: Reading): boolean =>
    reading.some((role) => ['row', 'array', 'rowInPlace'].includes(role));
  return [
    contract,
    ...others(operation).filter(
      (reading) =>
        reading.length === parameters &&
        !(parameters === contract.length && isForRows(reading) && !reading.includes('out')),
    ),
  ];
}

/** Ways that may be meant where a function is right in no other. */
export function otherReadings(operation: Operation): readonly Reading[] {
  const contract = contractReading(operation);
  return [
    ...others(operation).filter(({ length }) => length <= 2),
    [...contract.slice(0, -2), 'cols', 'rows'],
  ];
}

function others(operation: Operation): readonly Reading[] {
  return usesTargets(operation) ? ofTargets : usesUpstream(operation) ? ofUpstream : ofLogits;
}
