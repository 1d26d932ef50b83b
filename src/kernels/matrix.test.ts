import { describe, expect, it } from 'vitest';
import { fp32 } from './arithmetic.ts';
import { argmaxRows, divideRows, dotRows, mean, sumRows } from './matrix.ts';

describe('sumRows', () => {
  it('should add each row from left to right', () => {
    const big = 2 ** 24;
    expect(sumRows(fp32, Float32Array.of(big, 1, 1, 1, 1, big), 2)).toEqual(Float32Array.of(big, big + 2));
  });
});

describe('dotRows', () => {
  it('should round each product, and add each row from left to right', () => {
    const big = 2 ** 24;
    const a = Float32Array.of(big, 1, 1, 3, 1 + 2 ** -12, 0);
    const b = Float32Array.of(1, 1, 1, 2, 1 + 2 ** -12, 5);
    expect(dotRows(fp32, a, b, 2)).toEqual(Float32Array.of(big, 6 + 1 + 2 ** -11));
  });
});

describe('divideRows', () => {
  it('should divide by the divisor of the row', () => {
    expect(divideRows(fp32, Float32Array.of(2, 4, 3, 6), Float32Array.of(2, 3))).toEqual(
      Float32Array.of(1, 2, 1, 2),
    );
  });
});

describe('mean', () => {
  it('should be the rounded sum over the number', () => {
    expect(mean(fp32, Float32Array.of(2 ** 24, 1, 1))).toBe(Math.fround(2 ** 24 / 3));
  });

  it('should start from +0', () => {
    expect(mean(fp32, Float32Array.of(-0))).toBe(0);
  });
});

describe('argmaxRows', () => {
  it('should take the first of equals', () => {
    expect(argmaxRows(Float32Array.of(1, 2, 2, 3, 3, 1), 2)).toEqual(Int32Array.of(1, 3));
    expect(argmaxRows(Float32Array.of(-0, 0), 1)).toEqual(Int32Array.of(0));
  });

  it('should take the first NaN before any number', () => {
    const nan = Number.NaN;
    expect(argmaxRows(Float32Array.of(1, nan, Number.POSITIVE_INFINITY, nan), 1)).toEqual(Int32Array.of(1));
    expect(argmaxRows(Float32Array.of(nan, 5, nan), 1)).toEqual(Int32Array.of(0));
  });

  it('should find -Infinity in a row of nothing else', () => {
    expect(argmaxRows(new Float32Array(3).fill(Number.NEGATIVE_INFINITY), 1)).toEqual(Int32Array.of(0));
  });
});
