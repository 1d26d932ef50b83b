import { describe, expect, it } from 'vitest';
import { bf16, fp16 } from '../../formats/index.ts';
import { compareValues } from '../value-order.ts';
import { decimals, fractions } from './notation.ts';

const f = Math.fround;

describe('fractions', () => {
  it('should give the neighbors away from zero and toward it', () => {
    expect(fractions(0).around(88.7)).toEqual([89, 88]);
    expect(fractions(0).around(-88.7)).toEqual([-89, -88]);
    expect(fractions(1).around(88.7)).toEqual([89, 88.5]);
    expect(fractions(3).around(88.7)).toEqual([88.75, 88.625]);
  });

  it('should give +0 below the first step, and 2^24 above it', () => {
    expect(fractions(0).around(-0.25)).toEqual([-1, 0]);
    expect(fractions(2).around(-3e38)).toEqual([-16777216, -16777216]);
  });

  it('should number the values by magnitude', () => {
    expect(fractions(1).numberOf(-88.5)).toBe(177);
    expect(fractions(1).valueAt(177, -200)).toBe(-88.5);
  });
});

describe('decimals', () => {
  it('should give the neighbors away from zero and toward it', () => {
    expect(decimals(1).around(88.7)).toEqual([90, 80]);
    expect(decimals(3).around(f(-88.72284))).toEqual([f(-88.8), f(-88.7)]);
    expect(decimals(1).around(f(1.4e-45))).toEqual([f(2e-45), f(1e-45)]);
    expect(decimals(1).around(f(9.9e37))).toEqual([f(1e38), f(9e37)]);
  });

  it('should contain its own values', () => {
    for (const value of [0.1, 0.3, 0.7, 1e-38, 3e38].map(f))
      expect(decimals(1).around(value)).toContain(value);
  });

  it.each(['5', '5.3', '5.31', '5.31415'])(
    'should number values like %s so that the simplest come first',
    (mantissa) => {
      const { numberOf, valueAt } = decimals(mantissa.replace('.', '').length);
      for (const like of ['e20', 'e-20'].flatMap((power) => [
        f(Number(mantissa + power)),
        f(-Number(mantissa + power)),
      ])) {
        const number = numberOf(like);
        expect(valueAt(number, like)).toBe(like);
        for (const smaller of [1, number / 3, number - 1].map(Math.ceil)) {
          expect(compareValues(valueAt(smaller, like), like)).toBeLessThan(0);
        }
      }
    },
  );

  it('should count from 1 outwards', () => {
    expect([1, 2, 9, 10, 11].map((number) => decimals(1).valueAt(number, 5e20))).toEqual([1, 2, 9, 10, 20]);
    expect([1, 10, 11, 18, 19].map((number) => decimals(1).valueAt(number, 1e-20))).toEqual(
      [9, 0.9, 0.8, 0.1, 0.09].map(f),
    );
  });

  it('should be numbers of the format', () => {
    const inBf16 = decimals(2, bf16.round);
    for (const value of [0.1, 5.3, 1.7e-20, 2.9e30].map(bf16.round)) {
      expect(inBf16.around(value)).toContain(value);
      expect(inBf16.valueAt(inBf16.numberOf(value), value)).toBe(value);
    }
    expect(fractions(0, fp16.round).around(30_001)).toEqual([30_000, 30_000]);
  });
});
