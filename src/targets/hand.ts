/** The arrays that one call of a function of another shape is handed, and what it has made of them. */
import type { Aftermath, Handed } from '../core/aftermath.ts';
import type { Placement } from '../core/placement.ts';
import { CallFailure } from './call-failure.ts';
import { isSame, placeNumbers } from './placed.ts';
import { checkWritten, poison } from './poison.ts';

/** Hands arrays over for one call. */
export interface Hand {
  /** A copy of the numbers, placed where arrays are. */
  readonly numbers: <A extends Float32Array | Int32Array>(source: A, name: string) => A;
  /** The same numbers in plain arrays that were made of them. */
  readonly plain: <A extends PlainNumbers>(source: Float32Array, made: A, name: string) => A;
  /** A copy of the numbers, placed where arrays are, in which the answer is to be. */
  readonly inPlace: (source: Float32Array, name: string) => Float32Array;
  /** Room for an answer of so many numbers. It is poisoned. */
  readonly out: (length: number) => Float32Array;
  /**
   * The room for the answer, undefined where none was asked for; to be called once the function has answered.
   * @throws CallFailure where something was changed that is not the answer, or not all of the answer was written.
   */
  readonly check: () => Float32Array | undefined;
}

type PlainNumbers = readonly number[] | readonly (readonly number[])[];

/** A hand that places typed arrays as `placement` says; null gives each a buffer of its own. Once they are checked the aftermath has them. */
export function createHand(placement: Placement | null, aftermath?: Aftermath): Hand {
  const checks: (() => void)[] = [];
  const handed: Handed[] = [];
  let room: Float32Array | undefined;
  let isPoisoned = false;
  const place = <A extends Float32Array | Int32Array>(source: A, name: string): A => {
    if (placement === null) return source.slice() as A;
    const { view, checkAround } = placeNumbers(source, name, placement);
    checks.push(checkAround);
    return view;
  };
  const watch = (source: Numbers, now: () => Numbers, name: string): void => {
    handed.push({ name, was: source, now });
    checks.push(() => {
      if (!isSame(source, now())) throw new CallFailure('mutated-input', `it changed its ${name}`);
    });
  };
  return {
    numbers(source, name) {
      const given = place(source, name);
      watch(source, () => given, name);
      return given;
    },
    plain(source, made, name) {
      watch(source, () => made.flat(), name);
      return made;
    },
    inPlace(source, name) {
      room = place(source, name);
      return room;
    },
    out(length) {
      room = place(new Float32Array(length), 'out');
      isPoisoned = true;
      poison(wordsOf(room));
      return room;
    },
    check() {
      for (const check of checks) check();
      if (room !== undefined && isPoisoned && room.length > 0) checkWritten(wordsOf(room), 'out');
      const answer = room;
      if (answer !== undefined) handed.push({ name: 'answer', was: answer.slice(), now: () => answer });
      aftermath?.gather(handed);
      return room;
    },
  };
}

type Numbers = ArrayLike<number>;

function wordsOf({ buffer, byteOffset, length }: Float32Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length);
}
