/** Moves that make values simpler, all occurrences of one at once. */
import type { Batch } from '../../core/batch.ts';
import { gridOf, toGrid } from '../../core/grid.ts';
import { MAX_FINITE } from '../../float32/constants.ts';
import type { Format } from '../../formats/format.ts';
import { compareValues, MAX_FRACTION_BITS, MAX_INTEGER } from '../value-order.ts';
import { distinctValues, mapCells, replaceValue } from './edit.ts';
import { smallIntegers } from './extremes.ts';
import { decimals, fractions, type Notation } from './notation.ts';
import {
  attempt,
  attemptAll,
  inTurn,
  lowerInteger,
  type Move,
  made,
  type Search,
  type Stage,
} from './search.ts';

/** How many distinct values are simplified before small blocks are tried. */
const MANY = 32;

/** From nine digits on, every FP32 value is its own decimal. */
const MAX_DIGITS = 9;

const binary = Array.from({ length: MAX_FRACTION_BITS + 1 }, (_, bits) => fractions(bits));

/** The ways to write a number of a grid, the shortest first. */
const notationsOf = ({ round }: Format): Notation[] => [
  ...Array.from({ length: MAX_FRACTION_BITS + 1 }, (_, bits) => fractions(bits, round)),
  ...Array.from({ length: MAX_DIGITS }, (_, index) => decimals(index + 1, round)),
];

/** Rounds every value to an integer, a half, a quarter or an eighth: away from zero, or toward it. */
export function roundAll(batch: Batch): Search {
  return attemptAll(
    batch,
    made(
      binary.flatMap(({ around }) => [0, 1].map((side) => (value: number) => around(value)[side])),
      (round) => mapCells(batch, (value) => (Math.abs(value) < MAX_INTEGER ? round(value) : value)),
    ),
  );
}

/** Makes distinct values simpler, the most complex first: early that many, late the others. */
export function simplifyValues(stage: Stage): Move {
  return (batch) => {
    const { round } = gridOf(batch);
    const values = distinctValues(batch)
      .toSorted((a, b) => compareValues(a, b, round))
      .toReversed();
    const chosen = stage === 'early' ? values.slice(0, MANY) : values.slice(MANY);
    return inTurn(
      batch,
      chosen.map((value) => (current) => simplifyValue(current, value)),
    );
  };
}

/** One value: something else that fails as well, then the shortest notation that does, then its simplest value. */
function* simplifyValue(batch: Batch, from: number): Search {
  const grid = gridOf(batch);
  let best = batch;
  let value = from;
  function* become(replacements: readonly number[]): Generator<Batch, void, boolean | undefined> {
    for (const replacement of replacements) {
      const simpler = yield* attempt(best, replaceValue(best, value, replacement));
      if (simpler === best) continue;
      best = simpler;
      value = toGrid(replacement, grid);
      return;
    }
  }

  yield* become([0, -value, ...standIns(value)]);
  if (!Number.isFinite(value) || value === 0) return best;
  if (!Number.isInteger(value)) yield* become(smallIntegers);
  for (const notation of notationsOf(grid)) {
    yield* become(notation.around(value));
    if (!notation.around(value).includes(value)) continue;
    const failing = best;
    const like = value;
    return yield* lowerInteger(failing, notation.numberOf(like), (_, number) =>
      replaceValue(failing, like, notation.valueAt(number, like)),
    );
  }
  return best;
}

/** What to try for a special value: finite ones, and the infinities for NaN. */
function standIns(value: number): number[] {
  if (Number.isFinite(value) && !Object.is(value, -0)) return [];
  const magnitudes = [1, 128, MAX_INTEGER, MAX_FINITE, Number.POSITIVE_INFINITY];
  const signs = Number.isFinite(value) || Number.isNaN(value) ? [1, -1] : [Math.sign(value)];
  return magnitudes.flatMap((magnitude) => signs.map((sign) => magnitude * sign));
}
