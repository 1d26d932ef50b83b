/**
 * Memory in which native code finds its arguments. Around each array are guards: what writes beside an array is seen there.
 * They are NaN, so that a kernel shows in its answer which reads there, or the word that lies around a view of a larger
 * buffer. The array for the answer holds NaN of another payload before a call.
 */
import { CallFailure } from '../call-failure.ts';

/** Bytes that native code sees. They may move from call to call, and grow while it runs. */
export interface Memory {
  /** Makes room, and gives the offset in {@link buffer} at which it begins: an address that is a multiple of 64. */
  readonly reserve: (bytes: number) => number;
  /** The bytes as they are now. */
  readonly buffer: () => ArrayBuffer;
  /** What native code is given for an offset in the buffer. */
  readonly address: (offset: number) => number;
}

/** An array to be placed. */
export interface Placed {
  /** How a finding calls it. */
  readonly name: string;
  /** What it holds before a call; null where it is for the answer alone. */
  readonly words: Uint32Array | null;
  /** In words. */
  readonly length: number;
  /** Where it begins after an address that is a multiple of 64, in words. */
  readonly offset: number;
  /** Whether native code may write there. */
  readonly isAnswer: boolean;
}

/** Arrays in their places. */
export interface Arena {
  /** The address of the array. */
  readonly address: (array: Placed) => number;
  /** The words of the array, as they are now. */
  readonly read: (array: Placed) => Uint32Array;
  /** @throws CallFailure where a guard or an argument was written to, or a number of the answer was not. */
  readonly check: () => void;
}

const LINE = 16; // Words in 64 bytes: a vector register, and a line of a cache.
const GUARD = 4 * LINE;
const POISON = 0x7fc0dead;

/** A NaN that no kernel writes by chance, but which comes through an addition. */
const UNWRITTEN = 0x7fc0beef;

/** Places the arrays in `memory`, with the word `around` between them where they are views. */
export function placeArrays(memory: Memory, arrays: readonly Placed[], around: number = POISON): Arena {
  const starts = new Map<Placed, number>();
  let end = GUARD;
  for (const array of arrays) {
    const start = Math.ceil(end / LINE) * LINE + (array.offset % LINE);
    starts.set(array, start);
    end = start + array.length + GUARD;
  }
  const begin = memory.reserve(4 * end);
  const words = (): Uint32Array => new Uint32Array(memory.buffer(), begin, end);
  const startOf = (array: Placed): number => starts.get(array) as number;

  const now = words();
  now.fill(around);
  for (const array of arrays) {
    if (array.words !== null) now.set(array.words, startOf(array));
    else now.fill(UNWRITTEN, startOf(array), startOf(array) + array.length);
  }
  const read = (array: Placed): Uint32Array =>
    words().subarray(startOf(array), startOf(array) + array.length);
  return {
    address: (array) => memory.address(begin + 4 * startOf(array)),
    read,
    check() {
      checkGuards(words(), arrays, startOf, around);
      for (const array of arrays) {
        const after = read(array);
        const { name, isAnswer, words: before } = array;
        if (before !== null && !isAnswer && !before.every((word, k) => word === after[k]))
          throw new CallFailure('mutated-input', `it changed its ${name}`);
        const k = before === null ? after.indexOf(UNWRITTEN) : -1;
        if (k !== -1)
          throw new CallFailure(
            'bad-shape',
            `it left ${name}[${k}] as it was, or read it before it was written`,
          );
      }
    },
  };
}

function checkGuards(
  words: Uint32Array,
  arrays: readonly Placed[],
  startOf: (array: Placed) => number,
  around: number,
): void {
  let from = 0;
  for (const [k, array] of [...arrays, null].entries()) {
    const to = array === null ? words.length : startOf(array);
    const at = words.subarray(from, to).findIndex((word) => word !== around);
    if (at !== -1) throw beside(at, to - from - at, k === 0 ? null : arrays[k - 1], array);
    if (array !== null) from = to + array.length;
  }
}

/** The failure of writing `behind` words behind one array, or `before` words before the next, whichever is nearer. */
function beside(behind: number, before: number, previous: Placed | null, next: Placed | null): CallFailure {
  const isBehind = next === null || (previous !== null && behind < before);
  const { name, length, isAnswer } = (isBehind ? previous : next) as Placed;
  const place = isBehind ? `${name}[${length + behind}], and ${name} has ${length}` : `${name}[${-before}]`;
  return new CallFailure(isAnswer ? 'bad-shape' : 'mutated-input', `it wrote to ${place}`);
}
