/**
 * Memory in which native code finds its arguments. Around each array are guards: what writes beside an array is seen there.
 * They hold the largest float and NaN in turn, or the word of a placement: a kernel that reads
 * there shows it in its answer, and `x *= scale` leaves NaN as it is. The array for the answer holds what poison.ts says.
 */
import { CallFailure } from '../call-failure.ts';
import { checkWritten, poison } from '../poison.ts';

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

/** What guards hold, in turn, from the end of an array on. */
const POISON = [0x7f7fffff, 0x7fc0dead] as const;

/** The words from `from` to `to`, between two arrays. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly previous: Placed | null;
  readonly next: Placed | null;
}

/** Places the arrays in `memory`, with the word `around` between them where it is given. */
export function placeArrays(memory: Memory, arrays: readonly Placed[], around?: number): Arena {
  const starts = new Map<Placed, number>();
  const gaps: Gap[] = [];
  let from = 0;
  let previous: Placed | null = null;
  for (const next of arrays) {
    const to = Math.ceil((from + GUARD) / LINE) * LINE + (next.offset % LINE);
    starts.set(next, to);
    gaps.push({ from, to, previous, next });
    from = to + next.length;
    previous = next;
  }
  const end = from + GUARD;
  gaps.push({ from, to: end, previous, next: null });
  const guardWord = (k: number): number => around ?? POISON[k % 2];

  const begin = memory.reserve(4 * end);
  const words = (): Uint32Array => new Uint32Array(memory.buffer(), begin, end);
  const startOf = (array: Placed): number => starts.get(array) as number;
  const read = (array: Placed): Uint32Array =>
    words().subarray(startOf(array), startOf(array) + array.length);
  const now = words();
  for (const gap of gaps) for (let k = gap.from; k < gap.to; k++) now[k] = guardWord(k - gap.from);
  for (const array of arrays) {
    if (array.words !== null) now.set(array.words, startOf(array));
    else poison(now.subarray(startOf(array), startOf(array) + array.length));
  }
  return {
    address: (array) => memory.address(begin + 4 * startOf(array)),
    read,
    check() {
      for (const gap of gaps) {
        const k = words()
          .subarray(gap.from, gap.to)
          .findIndex((word, at) => word !== guardWord(at));
        if (k !== -1) throw beside(k, gap);
      }
      for (const array of arrays) checkArray(array, read(array));
    },
  };
}

function checkArray({ name, isAnswer, words: before }: Placed, after: Uint32Array): void {
  if (before !== null && !isAnswer && !bytesOf(before).equals(bytesOf(after)))
    throw new CallFailure('mutated-input', `it changed its ${name}`);
  if (before === null) checkWritten(after, name);
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The failure of writing to word `k` of a gap: behind the array before it or before the next, whichever is nearer. */
function beside(k: number, { from, to, previous, next }: Gap): CallFailure {
  const before = to - from - k;
  const isBehind = next === null || (previous !== null && k < before);
  const { name, length, isAnswer } = (isBehind ? previous : next) as Placed;
  const place = isBehind ? `${name}[${length + k}], and ${name} has ${length}` : `${name}[${-before}]`;
  return new CallFailure(isAnswer ? 'bad-shape' : 'mutated-input', `it wrote to ${place}`);
}
