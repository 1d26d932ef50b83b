import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FINITE, MIN_SUBNORMAL } from '../float32/constants.ts';
import { nextDown, nextUp } from '../float32/ordinal.ts';
import { matchUlps } from './ulps.ts';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

function passes(received: unknown, expected: unknown, ulps: unknown): boolean {
  return matchUlps(received, expected, ulps).pass;
}

describe('matchUlps', () => {
  it('should take a neighbor of any FP32 number for 1 ULP away at most, and for more than 0', () => {
    const finite = fc.float({
      noNaN: true,
      noDefaultInfinity: true,
      min: -MAX_FINITE / 2,
      max: MAX_FINITE / 2,
    });
    fc.assert(
      fc.property(finite, fc.constantFrom(nextUp, nextDown), (x, next) => {
        expect(passes(next(x), x, 1)).toBe(true);
        expect(passes(next(x), x, 0)).toBe(false);
        expect(passes(next(next(next(x))), x, 1)).toBe(false);
      }),
      { seed: 15 },
    );
  });

  it.each([
    [0.1, 0.1, 0, true],
    [1 + 2 ** -23, 1, 1, true],
    [1 + 2 ** -23, 1, 0.99, false],
    [1 - 2 ** -24, 1, 0.5, true],
    [0, MIN_SUBNORMAL, 1, true],
    [0, -0, 0, true],
    [nan, nan, 0, true],
    [nan, 1, 1e9, false],
    [1, nan, 1e9, false],
    [infinity, infinity, 0, true],
    [infinity, -infinity, 1e9, false],
    [MAX_FINITE, infinity, 1e9, false],
    [infinity, MAX_FINITE, 1e9, false],
    [[1, 2], Float32Array.of(1, 2), 0, true],
    [Float32Array.of(1, 3), [1, 2], 1, false],
    [Float32Array.of(1), [1, 1], 1, false],
    [[], [], 0, true],
  ])('should find %s, expected %s within %s ULP: %s', (received, expected, ulps, pass) => {
    expect(passes(received, expected, ulps)).toBe(pass);
  });

  it('should show the number that is furthest away, and how many are', () => {
    expect(matchUlps([1, 2.5, 2, 3], [1, 2, 2.25, 3], 2).message()).toBe(
      `expected [1] 2 (40000000) within 2 ULP, got 2.5 (40200000), 2.1e+6 ULP away
2 numbers of 4 are further away than that; this is the worst`,
    );
    expect(matchUlps([nan, 3], [1, 1], 2).message()).toMatch(
      /^expected \[0\] 1 \(3f800000\) .* got NaN \(7fc00000\)\n/,
    );
    expect(matchUlps(0.1, 0.2, 2).message()).toMatch(/^expected 0.2 within 2 ULP, got 0.1, /);
    expect(matchUlps([1], [1, 2], 2).message()).toBe('expected 2 numbers within 2 ULP, got 1');
    expect(matchUlps(1, 1, 2).message()).toBe('expected 1 (3f800000) not to be within 2 ULP, got it');
  });

  it.each([
    [1, 1, -1, 'ulps is -1'],
    [1, 1, nan, 'ulps is NaN'],
    [1, 1, infinity, 'ulps is Infinity'],
    [1, [1], 1, 'only one of the values is an array'],
    ['1', '1', 1, 'expected numbers'],
    [[1n], [1], 1, 'expected numbers'],
    [Promise.resolve(1), 1, 1, 'expected numbers'],
  ])('should refuse %s, %s within %s', (received, expected, ulps, message) => {
    expect(() => matchUlps(received, expected, ulps)).toThrow(message);
  });
});
