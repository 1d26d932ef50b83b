/** Arrays that are handed to a kernel of this process as parts of larger buffers, and what is seen around them afterwards. */
import type { Placement } from '../core/placement.ts';
import { CallFailure } from './call-failure.ts';

/** Numbers behind an array: a vector register's. */
const BEHIND = 16;

/** An array in a larger buffer. */
export interface Placed<A> {
  readonly view: A;
  /** @throws CallFailure where something was written beside it. */
  readonly checkAround: () => void;
}

/** A copy of `numbers`, called `name` in findings, that lies as `placement` says. */
export function placeNumbers<A extends Float32Array | Int32Array | Uint16Array | Uint8Array>(
  numbers: A,
  name: string,
  { offset, word }: Placement,
): Placed<A> {
  const { length, BYTES_PER_ELEMENT: bytes } = numbers;
  // Of 16-bit words the upper half is as much a NaN, or the largest number but for a little; of a mask any byte but 0 takes part.
  const beside = word >>> (32 - 8 * bytes);
  const room = offset + length + BEHIND;
  const words = new { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[bytes as 1 | 2 | 4](room);
  words.fill(beside);
  const ArrayOf = numbers.constructor as new (buffer: ArrayBufferLike, from: number, length: number) => A;
  const view = new ArrayOf(words.buffer, bytes * offset, length);
  view.set(numbers);
  const isWritten = (k: number): boolean => words[k] !== beside;
  const around = [...range(0, offset), ...range(offset + length, words.length)];
  return {
    view,
    checkAround() {
      const k = around.find(isWritten);
      if (words.length === 0)
        throw new CallFailure('mutated-input', `it gave away the buffer of its ${name}`);
      if (k !== undefined)
        throw new CallFailure(
          'mutated-input',
          `it wrote to ${name}[${k - offset}], and ${name} has ${length}`,
        );
    },
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, k) => from + k);
}

/** Whether two arrays hold the same numbers, zeros of one sign, at the same places; one that was given away holds none. */
export function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (!Object.is(a[k], b[k])) return false;
  return true;
}
