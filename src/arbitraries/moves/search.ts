/**
 * A search for a simpler failing batch, as a dialogue: the generator yields a candidate, is told whether it failed,
 * and returns the simplest batch that did. Written once, it serves two listeners:
 *
 * - the descent answers each candidate, so a binary search halves and a deletion goes on from where it is;
 * - a `for…of` loop answers `undefined`, which counts as "passes": it sees the candidates of the first batch alone,
 *   a plain stream that a shrinker of fast-check starts anew after each success.
 */
import type { Batch } from '../../core/batch.ts';
import { onGridOf } from '../../core/grid.ts';
import { compareSimplicity } from '../simplicity.ts';

/** Yields candidates, receives whether the last one failed, returns the simplest that did (or the first batch). */
export type Search = Generator<Batch, Batch, boolean | undefined>;

/** One kind of simplification, started from a batch that fails. */
export type Move = (batch: Batch) => Search;

/** Offers `made`, in the format of `batch`, if it is strictly simpler than that; returns it if it failed, else `batch`. */
export function* attempt(batch: Batch, made: Batch): Search {
  const candidate = onGridOf(batch, made);
  return compareSimplicity(candidate, batch) < 0 && (yield candidate) ? candidate : batch;
}

/** `make` of each item, made when it is asked for: of a large batch no more than one candidate should be held. */
export function* made<T>(items: Iterable<T>, make: (item: T) => Batch): Generator<Batch> {
  for (const item of items) yield make(item);
}

/** Offers each of `candidates` that is simpler than the best so far. */
export function* attemptAll(batch: Batch, candidates: Iterable<Batch>): Search {
  let best = batch;
  for (const candidate of candidates) best = yield* attempt(best, candidate);
  return best;
}

/** The moves one after the other, each from where the last one ended. */
export function* inTurn(batch: Batch, moves: readonly Move[]): Search {
  let best = batch;
  for (const move of moves) best = yield* move(best);
  return best;
}

/** Whether large blocks of a sequence are tried, or small ones. */
export type Stage = 'early' | 'late';

/** Blocks of at least this part of a sequence are large. */
const COARSE = 1 / 32;

/** A sequence of a batch, of which blocks are removed. */
export interface Sequence {
  readonly lengthOf: (batch: Batch) => number;
  /** The batch without the items of [start, end), in whatever sense. */
  readonly without: (batch: Batch, start: number, end: number) => Batch;
  /** Whether the block of [start, end) is as the one before, so that it makes no difference which is left out. @defaultValue never */
  readonly repeats?: (batch: Batch, start: number, end: number) => boolean;
  /** After how many blocks in a row that have to stay such a block is not tried. @defaultValue 1 */
  readonly patience?: number;
}

/**
 * Removes blocks of a sequence, from all of it downwards: sizes are powers of two, so that a parity or a tail length
 * that matters survives. After a success the search goes on at the same place. `early` stops at blocks of
 * {@link COARSE} size and `late` goes on from there to single items: a long sequence that cannot become shorter costs
 * about 60 candidates before its values are simplified, not two for each item. Nor is one of equal blocks tried
 * after the other: of 65,537 equal columns that would be as many copies.
 */
export function* removeBlocks(
  batch: Batch,
  stage: Stage,
  { lengthOf, without, repeats = () => false, patience = 1 }: Sequence,
): Search {
  let best = batch;
  let length = lengthOf(best);
  for (let size = 2 ** Math.ceil(Math.log2(length)); size >= 1; size /= 2) {
    let stayed = 0; // How many blocks before this one cannot be removed from `best`.
    for (let start = 0; start < length; ) {
      if (size >= length * COARSE !== (stage === 'early')) break;
      const end = Math.min(start + size, length);
      const simpler: Batch =
        stayed >= patience && repeats(best, start, end)
          ? best
          : yield* attempt(best, without(best, start, end));
      if (simpler === best) {
        start = end;
        stayed++;
      } else {
        best = simpler;
        length = lengthOf(best);
        stayed = 0;
      }
    }
  }
  return best;
}

/**
 * Looks for the least integer of (0, high) whose batch fails, given that `high` fails. It splits at the power of two
 * or, between two of those, at the multiple of the largest power of two: always the same points whatever `high` was,
 * so that a second search from the result finds its answers in the cache.
 */
export function* lowerInteger(
  batch: Batch,
  high: number,
  at: (batch: Batch, integer: number) => Batch,
): Search {
  let best = batch;
  let passing = 0;
  let failing = high;
  for (;;) {
    const middle = between(passing, failing);
    if (middle === undefined) return best;
    const made = at(best, middle);
    const simpler = yield* attempt(best, made);
    // On a coarse grid neighbors are one number.
    if (simpler === best && compareSimplicity(onGridOf(best, made), best) !== 0) passing = middle;
    else failing = middle;
    best = simpler;
  }
}

/** The point at which {@link lowerInteger} splits the open interval (0 <= low), or nothing when it holds no integer. */
export function between(low: number, high: number): number | undefined {
  if (high - low <= 1) return undefined;
  if (low === 0) return 1;
  const power = roundest(bitLength(low) - 1, bitLength(high - 1));
  return power === undefined ? roundest(low, high) : 2 ** power;
}

/** The integer of the open interval that is divisible by the highest power of two. */
function roundest(low: number, high: number): number | undefined {
  for (let step = 2 ** bitLength(high); step >= 1; step /= 2) {
    const multiple = (Math.floor(low / step) + 1) * step;
    if (multiple < high) return multiple;
  }
  return undefined;
}

function bitLength(integer: number): number {
  return integer.toString(2).length;
}
