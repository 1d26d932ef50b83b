/** Moves that make single values simpler, all their occurrences at once. */

import type { Batch } from '../../core/batch.ts';
import { MAX_FINITE } from '../../float32/constants.ts';
import { compareValues, MAX_FRACTION_BITS, MAX_INTEGER } from '../value-order.ts';
import { mapCells, replaceValue } from './edit.ts';
import { attempt, attemptAll, lowerInteger, type Search } from './search.ts';
import { distinctValues } from './unify.ts';

/** Rounds every value to an integer, or to 1, 2 or 3 fraction bits: away from zero, or toward it. */
export function roundAll(batch: Batch): Search {
  const grids = Array.from({ length: MAX_FRACTION_BITS + 1 }, (_, bits) => 2 ** -bits);
  return attemptAll(
    batch,
    grids.flatMap((grid) =>
      [awayFromZero, Math.trunc].map((round) =>
        mapCells(batch, (value) => (Math.abs(value) < MAX_INTEGER ? round(value / grid) * grid : value)),
      ),
    ),
  );
}

/** Makes each distinct value simpler, the most complex first. */
export function* simplifyValues(batch: Batch): Search {
  let best = batch;
  for (const value of distinctValues(batch).toSorted(compareValues).toReversed()) {
    best = yield* simplifyValue(best, value);
  }
  return best;
}

/** One value: another sign, a finite value, an integer and then the least that fails, a short fraction or decimal. */
function* simplifyValue(batch: Batch, value: number): Search {
  let best = batch;
  let current = value;
  function* become(replacements: Iterable<number>): Generator<Batch, boolean, boolean | undefined> {
    for (const replacement of replacements) {
      if (compareValues(replacement, current) >= 0) continue;
      const simpler = yield* attempt(best, replaceValue(best, current, replacement));
      if (simpler === best) continue;
      best = simpler;
      current = replacement;
      return true;
    }
    return false;
  }

  yield* become([0, -value]);
  if (!Number.isFinite(current) || Object.is(current, -0)) yield* become(standIns(current));
  if (Math.abs(current) > MAX_INTEGER) yield* become([MAX_INTEGER * Math.sign(current)]);
  if (Math.abs(current) <= MAX_INTEGER) {
    for (let bits = 0; bits <= MAX_FRACTION_BITS; bits++) {
      const grid = 2 ** -bits;
      yield* become([awayFromZero(current / grid) * grid, Math.trunc(current / grid) * grid]);
      if (!Number.isInteger(current / grid)) continue;
      const from = current;
      const failing = best;
      return yield* lowerInteger(failing, 0, Math.abs(from / grid), (_, integer) =>
        replaceValue(failing, from, integer * grid * Math.sign(from)),
      );
    }
  }
  for (let digits = 1; digits < 9; digits++) {
    if (yield* become(decimals(current, digits))) break;
  }
  return best;
}

/** Finite and special values to try in place of -0, an infinity or NaN. */
function standIns(value: number): number[] {
  const magnitudes = [1, 128, MAX_INTEGER, MAX_FINITE, Number.POSITIVE_INFINITY];
  const signs = Number.isNaN(value) || value === 0 ? [1, -1] : [Math.sign(value)];
  return magnitudes.flatMap((magnitude) => signs.map((sign) => magnitude * sign));
}

/** The two neighbours with `digits` decimal digits. */
function decimals(value: number, digits: number): number[] {
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits);
  const scaled = value / unit;
  return [awayFromZero(scaled), Math.trunc(scaled)].map((integer) =>
    Math.fround(Number((integer * unit).toPrecision(digits))),
  );
}

function awayFromZero(value: number): number {
  return Math.sign(value) * Math.ceil(Math.abs(value));
}
