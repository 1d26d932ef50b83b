import { assert, bigInt, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rationalOf, roundRational } from '../../properties/support/rational.ts';
import { fromBits, toHex } from '../float32/bits.ts';
import { MAX_FINITE, MIN_NORMAL, MIN_SUBNORMAL, OVERFLOW_THRESHOLD } from '../float32/constants.ts';
import { nextUp } from '../float32/ordinal.ts';
import { decimalOf, Wide, ZERO } from './decimal.ts';
import { roundToFloat32, roundWithin } from './round.ts';

const { POSITIVE_INFINITY } = Number;

/** Positive FP32 values of all exponents, zero and the largest among them. */
const floats = integer({ min: 0, max: 0x7f7fffff }).map(fromBits);

/** The midpoint of `value` and the next FP32 value, where 2^128 follows the largest. */
function midpointAfter(value: number): number {
  return (value + Math.min(nextUp(value), 2 ** 128)) / 2;
}

/** Expects the FP32 word, so that zeros are told apart. */
function expectWord(actual: number | undefined, expected: number): void {
  expect(actual === undefined ? actual : toHex(actual)).toBe(toHex(expected));
}

describe('roundToFloat32', () => {
  it('should agree with rounding by integer division on any decimal', () => {
    const digits = bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    assert(
      property(digits, integer({ min: -80, max: 12 }), (significand, exponent) => {
        const power = 10n ** BigInt(Math.abs(exponent));
        const rational =
          exponent < 0
            ? { numerator: significand, denominator: power }
            : { numerator: significand * power, denominator: 1n };
        expectWord(roundToFloat32(new Wide(`${significand}e${exponent}`)), roundRational(rational));
      }),
      { seed: 3, numRuns: 3000 },
    );
  });

  it('should give every FP32 value itself', () => {
    assert(
      property(floats, (value) => {
        expectWord(roundToFloat32(decimalOf(value)), value);
        if (value > 0) expectWord(roundToFloat32(decimalOf(-value)), -value);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  it('should take ties to even and anything beside them to the nearer side', () => {
    // Relative distances from the tie, from far below a double's resolution to above it.
    const offset = tuple(integer({ min: -1, max: 1 }), integer({ min: -300, max: -14 }));
    assert(
      property(floats, offset, (below, [side, exponent]) => {
        const tie = midpointAfter(below);
        const exact = decimalOf(tie).times(new Wide(`${side}e${exponent}`).plus(1));
        const even = roundRational(rationalOf(tie));
        const expected = side === 0 ? even : side < 0 ? below : nextUp(below);
        expectWord(roundToFloat32(exact), expected);
        expectWord(roundToFloat32(exact.neg()), -expected);
      }),
      { seed: 5, numRuns: 5000 },
    );
  });

  it.each([
    ['half the smallest subnormal, to the even 0', MIN_SUBNORMAL / 2, 0],
    ['one and a half smallest subnormals', 1.5 * MIN_SUBNORMAL, 2 * MIN_SUBNORMAL],
    ['below the smallest normal', MIN_NORMAL - MIN_SUBNORMAL / 2, MIN_NORMAL],
    ['below a power of two', 1 - 2 ** -25, 1],
    ['above a power of two', 1 + 2 ** -24, 1],
    ['halfway to 2^128', OVERFLOW_THRESHOLD, POSITIVE_INFINITY],
  ])('should round the tie %s', (_, tie, expected) => {
    expectWord(roundToFloat32(decimalOf(tie)), expected);
    expectWord(roundToFloat32(decimalOf(-tie)), -expected);
  });

  it('should overflow only from halfway to 2^128 on', () => {
    const least = decimalOf(OVERFLOW_THRESHOLD);
    expect(roundToFloat32(least.minus('1e-200'))).toBe(MAX_FINITE);
    expect(roundToFloat32(least.plus('1e-200'))).toBe(POSITIVE_INFINITY);
    expect(roundToFloat32(new Wide('-1e5000'))).toBe(Number.NEGATIVE_INFINITY);
  });

  it('should keep NaN and the infinities', () => {
    expect(roundToFloat32(new Wide(Number.NaN))).toBeNaN();
    expect(roundToFloat32(new Wide(POSITIVE_INFINITY))).toBe(POSITIVE_INFINITY);
    expect(roundToFloat32(new Wide(-POSITIVE_INFINITY))).toBe(-POSITIVE_INFINITY);
  });

  it('should give +0 for zeros and -0 for negative underflow', () => {
    expectWord(roundToFloat32(new Wide(0)), 0);
    expectWord(roundToFloat32(new Wide(-0)), 0);
    expectWord(roundToFloat32(new Wide('1e-5000')), 0);
    expectWord(roundToFloat32(new Wide('-1e-5000')), -0);
    expectWord(roundToFloat32(new Wide('-7e-46')), -0);
  });
});

describe('roundWithin', () => {
  const one = new Wide(1);
  const tie = decimalOf(1 + 2 ** -24);

  it('should be certain of what all of the interval rounds to', () => {
    expect(roundWithin(one, new Wide('1e-10'))).toBe(1);
    expect(roundWithin(tie.plus('2e-40'), new Wide('1e-40'))).toBe(1 + 2 ** -23);
    expect(roundWithin(tie.minus('2e-40'), new Wide('1e-40'))).toBe(1);
  });

  it('should not be certain when a boundary lies in the interval', () => {
    expect(roundWithin(tie.plus('1e-40'), new Wide('1e-40'))).toBeUndefined();
    expect(roundWithin(tie.minus('1e-17'), new Wide('2e-17'))).toBeUndefined();
    expect(roundWithin(tie, new Wide('1e-100'))).toBeUndefined();
  });

  it('should not be certain of an interval wider than 2^-30 of the value, such as one around 0', () => {
    expect(roundWithin(one, new Wide('1e-9'))).toBeUndefined();
    expect(roundWithin(ZERO, new Wide('1e-400'))).toBeUndefined();
  });

  it('should always be certain of an exact value', () => {
    expect(roundWithin(tie, ZERO)).toBe(1);
    expect(roundWithin(ZERO, ZERO)).toBe(0);
  });

  it('should never promise what an end of the interval does not round to', () => {
    const offset = tuple(integer({ min: -9, max: 9 }), integer({ min: -30, max: -8 }));
    assert(
      property(floats, offset, integer({ min: -30, max: -8 }), (below, [digit, exponent], error) => {
        const value = decimalOf(midpointAfter(below)).times(new Wide(`${digit}e${exponent}`).plus(1));
        const radius = value.times(`1e${error}`);
        const certain = roundWithin(value, radius);
        if (certain === undefined) return;
        expect(roundToFloat32(value.minus(radius))).toBe(certain);
        expect(roundToFloat32(value.plus(radius))).toBe(certain);
      }),
      { seed: 6, numRuns: 3000 },
    );
  });
});
