/** Arrays of 16-bit formats: words in a Uint16Array, in which a call hands them over and gets its answer. */
import { type Batch, upstreamOf } from '../core/batch.ts';
import { keep, keepLast } from '../core/keep.ts';
import { type Operation, usesUpstream } from '../core/operation.ts';
import type { FormatName, Formats } from '../formats/index.ts';
import { formats as grids, inFp32 } from '../formats/index.ts';
import { packWords, unpackWords } from '../formats/words.ts';

/** An array as calls have it: numbers of FP32, or words. */
export type Elements = Float32Array | Uint16Array;

/** Numbers of the grid of `format` as the elements of an array of it: themselves in FP32. */
export function elementsOf(numbers: Float32Array, format: FormatName): Elements {
  return format === 'fp32' ? numbers : packWords(numbers, grids[format]);
}

/** The numbers of the elements of an array of `format`. */
export function numbersIn(elements: Elements, format: FormatName): Float32Array {
  return format === 'fp32' ? (elements as Float32Array) : unpackWords(elements as Uint16Array, grids[format]);
}

/** The elements of the array that was asked for last: all operations are given a batch's. */
const ofLast = () =>
  keepLast((numbers: Float32Array) => keep((format: FormatName) => elementsOf(numbers, format)));
const logitsOf = ofLast();
const upstreamValuesOf = ofLast();

/**
 * A batch as a kernel of 16-bit logits takes it: its logits are words, and so are the upstream values of an operation that has some, whatever
 * their type says.
 */
export function packed(operation: Operation, batch: Batch, { logits }: Formats = inFp32): Batch {
  if (logits === 'fp32') return batch;
  const upstream = usesUpstream(operation) ? upstreamValuesOf(upstreamOf(batch))(logits) : null;
  const words = { logits: logitsOf(batch.logits)(logits), upstream } as unknown as Pick<
    Batch,
    'logits' | 'upstream'
  >;
  return { ...batch, ...words };
}

/** The numbers of an answer of words. */
export function unpackedAnswer(words: Uint16Array, { answer }: Formats): Float32Array {
  return unpackWords(words, grids[answer]);
}
