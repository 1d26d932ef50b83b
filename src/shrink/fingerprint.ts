/** The identity of a batch as a short text, for sets of batches. */
import type { Batch } from '../core/batch.ts';
import type { OptionValue } from '../core/options.ts';
import { toBits } from '../float32/bits.ts';

/**
 * Shape, a 64-bit hash of the words of logits, targets and upstream values, and the options. Two of n batches share it with a chance of about
 * n^2 / 2^65: for the 2,000 of one descent 10^-13.
 */
export function fingerprint({ rows, cols, logits, targets, upstream, options = {} }: Batch): string {
  const contents = [logits, targets, upstream ?? none].map(({ buffer, byteOffset, length }) =>
    hash(new Uint32Array(buffer, byteOffset, length)),
  );
  const given = Object.entries(options).map(([name, value]) => `${name}=${textOf(value)}`);
  return [`${rows}x${cols}`, ...contents, ...given].join(':');
}

function textOf(value: OptionValue): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(toBits(value)) : `[${Array.from(value, toBits)}]`;
}

const none = new Float32Array();

/** Two hashes of 32 bits: each multiplies a word in, by an odd factor, and brings the high bits down. */
function hash(words: Uint32Array): string {
  let a = words.length;
  let b = words.length;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    a = Math.imul(a ^ word, 0xcc9e2d51);
    a ^= a >>> 15;
    b = Math.imul(b ^ word, 0x1b873593);
    b ^= b >>> 13;
  }
  return `${a}:${b}`;
}
