import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBits } from './bits.ts';
import { MAX_FINITE, MIN_NORMAL, MIN_SUBNORMAL } from './constants.ts';
import { fromOrdinal, nextDown, nextUp, toOrdinal } from './ordinal.ts';

const infinity = Number.POSITIVE_INFINITY;

/** Neighbors across every border of FP32: zero, the normal range, a binade, overflow. */
const neighbors = [
  [-infinity, -MAX_FINITE],
  [-MIN_NORMAL, -(MIN_NORMAL - MIN_SUBNORMAL)],
  [-MIN_SUBNORMAL, 0],
  [0, MIN_SUBNORMAL],
  [MIN_NORMAL - MIN_SUBNORMAL, MIN_NORMAL],
  [1 - 2 ** -24, 1],
  [1, 1 + 2 ** -23],
  [MAX_FINITE, infinity],
];

/** Every FP32 value but NaN. */
const values = fc.integer({ min: -0x7f800000, max: 0x7f800000 }).map(fromOrdinal);

describe('toOrdinal', () => {
  it.each(neighbors)('should give consecutive numbers to %d and %d', (below, above) => {
    expect(toOrdinal(above) - toOrdinal(below)).toBe(1);
    expect([nextUp(below), nextDown(above)]).toEqual([above, below]);
  });

  it('should order as the values do', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(Math.sign(toOrdinal(a) - toOrdinal(b))).toBe(a === b ? 0 : a < b ? -1 : 1);
      }),
      { seed: 2, numRuns: 1000 },
    );
  });

  it('should give both zeros 0 and NaN none', () => {
    expect([toOrdinal(-0), toOrdinal(0)]).toEqual([0, 0]);
    expect(toOrdinal(Number.NaN)).toBeNaN();
  });
});

describe('fromOrdinal', () => {
  it('should undo toOrdinal', () => {
    fc.assert(
      fc.property(values, (x) => {
        expect(fromOrdinal(toOrdinal(x))).toBe(x);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });
});

describe('nextUp and nextDown', () => {
  it('should step over nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7f7fffff }).map(fromBits), (x) => {
        expect(Math.fround((x + nextUp(x)) / 2)).toBeOneOf([x, nextUp(x)]);
        expect(nextDown(nextUp(x))).toBe(x);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  it('should stay at the infinities, leave them inward, and treat -0 as 0', () => {
    expect([nextUp(infinity), nextDown(-infinity)]).toEqual([infinity, -infinity]);
    expect([nextDown(infinity), nextUp(-infinity)]).toEqual([MAX_FINITE, -MAX_FINITE]);
    expect([nextUp(-0), nextDown(-0)]).toEqual([MIN_SUBNORMAL, -MIN_SUBNORMAL]);
  });

  it('should have no neighbor of NaN', () => {
    expect([nextUp(Number.NaN), nextDown(Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
  });
});
