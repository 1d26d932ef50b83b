/**
 * What room for an answer holds before a call: NaN and a large number in turn, of bits that no kernel writes by chance. What is
 * still there was not written, or was read first: `y = y * 0 + p` keeps the NaN, and max(y, p) the large number.
 */
import { CallFailure } from './call-failure.ts';

const UNWRITTEN = [0x7fc0beef, 0x7f7fbeef] as const;

/** Fills the room. */
export function poison(words: Uint32Array): void {
  for (let k = 0; k < words.length; k++) words[k] = UNWRITTEN[k % 2];
}

/** What {@link poison} leaves in the 16 bits behind an odd number of 16-bit numbers. */
export function paddingOfAnswer(length: number): number {
  return UNWRITTEN[((length - 1) / 2) % 2] >>> 16;
}

/** @throws CallFailure where a number of the room called `name` is as {@link poison} left it. */
export function checkWritten(words: Uint32Array, name: string): void {
  const k = words.findIndex((word, at) => word === UNWRITTEN[at % 2]);
  if (k !== -1)
    throw new CallFailure('bad-shape', `it left ${name}[${k}] as it was, or read it before it was written`);
}
