/** Whether numbers are within so many ULP of others: what the matcher `toBeWithinUlps` asks. */

import { toHex } from '../float32/bits.ts';
import { formatFloat } from '../float32/format.ts';
import { ulp } from '../float32/ulp.ts';
import { formatNumberOf, formatSize } from '../report/numbers.ts';
import { UserError } from '../text/errors.ts';

/** A number, or an array of them. */
export type Numbers = number | ArrayLike<number>;

/** What vitest asks of a matcher. */
export interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Whether each number of `received` is at most `ulps` ULP away from that of `expected`: |received - expected| <= ulps * ulp(expected), where
 * ulp is the spacing of FP32 at the expected value ({@link ulp}). NaN matches NaN alone, an infinity itself alone; -0 and 0 are 0 ULP apart.
 * Neither is rounded to FP32 first. Arrays of other lengths do not match.
 * @throws UserError when one is no number and no array of numbers, only one is an array, or `ulps` is not a number of at least 0.
 */
export function matchUlps(received: unknown, expected: unknown, ulps: unknown): Matched {
  if (typeof ulps !== 'number' || !(ulps >= 0) || ulps === Number.POSITIVE_INFINITY)
    throw new UserError(`toBeWithinUlps: ulps is ${String(ulps)}: expected a finite number of at least 0`);
  const got = numbersOf(received);
  const wanted = numbersOf(expected);
  if (typeof received !== typeof expected)
    throw new UserError('toBeWithinUlps: only one of the values is an array: expected two, or two numbers');
  const within = `within ${formatSize(ulps)} ULP`;
  if (got.length !== wanted.length)
    return {
      pass: false,
      message: () => `expected ${wanted.length} numbers ${within}, got ${got.length}`,
    };
  const distances = Float64Array.from(wanted, (value, k) => distanceInUlps(got[k], value));
  const wrong = [...distances.keys()].filter((k) => !(distances[k] <= ulps));
  if (wrong.length === 0)
    return { pass: true, message: () => `expected ${described(wanted[0])} not to be ${within}, got it` };
  // Of those that cannot be compared, the first; else the furthest.
  const worst = wrong.reduce((a, b) => (Number.isNaN(distances[a]) || distances[a] >= distances[b] ? a : b));
  return {
    pass: false,
    message: () => {
      const place = typeof received === 'number' ? '' : `[${worst}] `;
      const off = Number.isFinite(distances[worst]) ? `, ${formatSize(distances[worst])} ULP away` : '';
      const all =
        wrong.length === 1
          ? ''
          : `\n${formatNumberOf(wrong.length, 'number', 'numbers')} of ${wanted.length} are further away than that; this is the worst`;
      return `expected ${place}${described(wanted[worst])} ${within}, got ${described(got[worst])}${off}${all}`;
    },
  };
}

/** How many ULP of `expected` lie between the two; 0 for what is the same, NaN where they cannot be compared. */
function distanceInUlps(received: number, expected: number): number {
  if (received === expected || (Number.isNaN(received) && Number.isNaN(expected))) return 0;
  if (!Number.isFinite(received) || !Number.isFinite(expected)) return Number.NaN;
  return Math.abs(received - expected) / ulp(expected);
}

function numbersOf(value: unknown): ArrayLike<number> {
  if (typeof value === 'number') return [value];
  const isNumbers =
    Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array
      ? Array.prototype.every.call(value, (each) => typeof each === 'number')
      : false;
  if (!isNumbers)
    throw new UserError(
      'toBeWithinUlps: expected numbers, a Float32Array, a Float64Array or an array of numbers',
    );
  return value as ArrayLike<number>;
}

/** `0.25 (3e800000)`; without the word where it is no FP32 number. */
function described(value: number): string {
  if (!Object.is(Math.fround(value), value)) return String(value);
  return `${formatFloat(value)} (${toHex(value)})`;
}
