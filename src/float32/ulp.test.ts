import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBits } from './bits.ts';
import { MAX_FINITE, MIN_NORMAL, MIN_SUBNORMAL } from './constants.ts';
import { nextDown, nextUp } from './ordinal.ts';
import { ulp } from './ulp.ts';

describe('ulp', () => {
  it('should be the distance to the next FP32 value up, of every positive one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7f7ffffe }).map(fromBits), (x) => {
        expect(ulp(x)).toBe(nextUp(x) - x);
        expect(ulp(-x)).toBe(ulp(x));
      }),
      { seed: 5, numRuns: 2000, examples: [[0], [MIN_NORMAL], [nextDown(MIN_NORMAL)]] },
    );
  });

  it('should change at each power of two, not beside it', () => {
    for (let exponent = -126; exponent <= 127; exponent++) {
      const power = 2 ** exponent;
      expect(ulp(power)).toBe(2 ** (exponent - 23));
      expect(ulp(power * (1 - 2 ** -53))).toBe(Math.max(2 ** (exponent - 24), MIN_SUBNORMAL));
    }
  });

  it('should take its exponent from the real, not from the FP32 value that it rounds to', () => {
    expect(ulp(1 - 2 ** -40)).toBe(2 ** -24);
  });

  it('should be 2^-149 below the normal range and 2^104 from the last binade on', () => {
    expect([0, 1e-60, MIN_SUBNORMAL, MIN_NORMAL / 2].map(ulp)).toEqual(new Array(4).fill(MIN_SUBNORMAL));
    expect([MAX_FINITE, 2 ** 128, 1e300, Number.POSITIVE_INFINITY].map(ulp)).toEqual(
      new Array(4).fill(2 ** 104),
    );
  });

  it('should be NaN of NaN', () => {
    expect(ulp(Number.NaN)).toBeNaN();
  });
});
