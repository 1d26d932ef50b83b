import { describe, expect, it } from 'vitest';
import { MAX_FINITE } from '../float32/constants.ts';
import { compareValues } from './value-order.ts';

const fromSimpleToComplex = [
  [0],
  [1, -1, 2, 89, -89, 16777215, 16777216, -16777216],
  [0.5, -0.5, 1.5, 88.5, 0.25, 88.75, 0.125, 4096.875],
  [0.9, -0.9, 0.1, 0.09, 1e-38, 1e-45],
  [1.1, 9.9, 88.1, 88.9, 103.1, 88.0625, 88.72284],
  [20000000, 90000000, 1e8, 3e38, 33000000, 16777218, MAX_FINITE, -MAX_FINITE],
  [-0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
]
  .flat()
  .map(Math.fround);

describe('compareValues', () => {
  it('should put integers first, then short fractions and decimals, huge values, special values', () => {
    expect(fromSimpleToComplex.toReversed().toSorted(compareValues)).toEqual(fromSimpleToComplex);
  });

  it('should tell any two different values apart, either way round', () => {
    for (const [i, a] of fromSimpleToComplex.entries()) {
      for (const [j, b] of fromSimpleToComplex.entries()) {
        expect(Math.sign(compareValues(a, b))).toBe(Math.sign(i - j));
      }
    }
  });

  it('should count digits of the FP32 value, not of the double', () => {
    expect(compareValues(Math.fround(0.1), Math.fround(0.11))).toBeLessThan(0);
    expect(compareValues(Math.fround(88.1), Math.fround(88.0625))).toBeLessThan(0);
  });
});
