import { Decimal } from 'decimal.js';
import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rationalOf } from '../../properties/support/rational.ts';
import { fromBits } from '../float32/bits.ts';
import { MAX_FINITE, MIN_SUBNORMAL, OVERFLOW_THRESHOLD } from '../float32/constants.ts';
import { nextUp } from '../float32/ordinal.ts';
import { cloneOf, decimalOf, Wide } from './decimal.ts';

/** Any finite FP32 value, all exponents alike. */
const finite = integer({ min: 0, max: 0xffffffff }).map(fromBits).filter(Number.isFinite);

/** The exact decimal expansion by BigInt: numerator / 2^k = numerator * 5^k / 10^k. */
function expansion(value: number): string {
  const { numerator, denominator } = rationalOf(value);
  const k = denominator.toString(2).length - 1;
  return `${numerator * 5n ** BigInt(k)}e-${k}`;
}

describe('decimalOf', () => {
  it('should be exact for every FP32 value', () => {
    assert(
      property(finite, (value) => decimalOf(value).eq(expansion(value))),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('should be exact for every midpoint of neighboring FP32 values', () => {
    const midpoint = finite
      .filter((value) => value !== MAX_FINITE)
      .map((value) => value / 2 + nextUp(value) / 2);
    assert(
      property(midpoint, (value) => decimalOf(value).eq(expansion(value))),
      { seed: 2, numRuns: 2000 },
    );
  });

  it.each([
    ['the smallest subnormal', MIN_SUBNORMAL],
    ['half of it', MIN_SUBNORMAL / 2],
    ['the largest', MAX_FINITE],
    ['halfway from there to 2^128', OVERFLOW_THRESHOLD],
    ['a negative number', -1.5],
  ])('should be exact for %s', (_, value) => {
    expect(decimalOf(value).eq(expansion(value))).toBe(true);
  });

  it('should not read the shortest decimal string, which is another number', () => {
    const value = Math.fround(100.3);
    expect(decimalOf(value).toString()).toBe('100.3000030517578125');
    expect(decimalOf(Math.fround(0.1)).toString()).toBe('0.100000001490116119384765625');
  });

  it('should keep NaN and the infinities and make 0 of both zeros', () => {
    expect(decimalOf(Number.NaN).isNaN()).toBe(true);
    expect(decimalOf(Number.POSITIVE_INFINITY).toNumber()).toBe(Number.POSITIVE_INFINITY);
    expect(decimalOf(Number.NEGATIVE_INFINITY).toNumber()).toBe(Number.NEGATIVE_INFINITY);
    expect(Object.is(decimalOf(-0).toNumber(), 0)).toBe(true);
  });
});

describe('Wide', () => {
  it('should add the largest and a far smaller number exactly', () => {
    const tiny = new Wide('1e-500');
    expect(decimalOf(MAX_FINITE).plus(tiny).minus(decimalOf(MAX_FINITE)).eq(tiny)).toBe(true);
  });
});

describe('cloneOf', () => {
  it('should leave the global Decimal and other clones alone', () => {
    const clone = cloneOf(7);
    expect(clone.div(1, 3).toString()).toBe('0.3333333');
    expect([Decimal.precision, Wide.precision]).toEqual([20, 700]);
  });
});
