import { describe, expect, it } from 'vitest';
import { fromBits, sameBits } from '../float32/bits.ts';
import { EXP_OVERFLOW, EXP_UNDERFLOW, MAX_FINITE, MIN_SUBNORMAL } from '../float32/constants.ts';
import { nextDown, nextUp } from '../float32/ordinal.ts';
import { createFp32, fp32, type Step } from './arithmetic.ts';

describe('fp32', () => {
  it('should round to nearest, ties to even', () => {
    expect(fp32.add(2 ** 24, 1)).toBe(2 ** 24);
    expect(fp32.add(2 ** 24 + 2, 1)).toBe(2 ** 24 + 4);
    expect(fp32.sub(-(2 ** 24), 1)).toBe(-(2 ** 24));
    expect(fp32.mul(1 + 2 ** -12, 1 + 2 ** -12)).toBe(1 + 2 ** -11);
    expect(fp32.div(1, 3)).toBe(fromBits(0x3eaaaaab));
  });

  it('should overflow to Infinity and underflow gradually', () => {
    expect(fp32.add(MAX_FINITE, 2 ** 103)).toBe(Number.POSITIVE_INFINITY);
    expect(fp32.mul(MAX_FINITE, -2)).toBe(Number.NEGATIVE_INFINITY);
    expect(fp32.div(3 * MIN_SUBNORMAL, 2)).toBe(2 * MIN_SUBNORMAL);
  });

  it('should place the thresholds of exp where the constants say', () => {
    expect(fp32.exp(EXP_OVERFLOW)).toBe(Number.POSITIVE_INFINITY);
    expect(fp32.exp(nextDown(EXP_OVERFLOW))).toBeLessThanOrEqual(MAX_FINITE);
    expect(fp32.exp(EXP_UNDERFLOW)).toBe(0);
    expect(fp32.exp(nextUp(EXP_UNDERFLOW))).toBe(MIN_SUBNORMAL);
  });

  it('should keep the sign of zero', () => {
    expect(sameBits(fp32.neg(0), -0)).toBe(true);
    expect(sameBits(fp32.mul(-0, 1), -0)).toBe(true);
    expect(sameBits(fp32.add(0, -0), 0)).toBe(true);
  });
});

describe('createFp32', () => {
  it('should tell its listener of each call, and answer as without one', () => {
    const steps: Step[] = [];
    const { exp, log, neg, add, sub, mul, div } = createFp32((step) => steps.push(step));
    expect([exp(1), log(2), neg(3), add(1, 3), sub(1, 3), mul(1, 3), div(1, 3)]).toEqual(
      steps.map(({ result }) => result),
    );
    expect(steps.map(({ op, operands }) => [op, ...operands])).toEqual([
      ['exp', 1],
      ['log', 2],
      ['neg', 3],
      ['add', 1, 3],
      ['sub', 1, 3],
      ['mul', 1, 3],
      ['div', 1, 3],
    ]);
    expect(steps.map(({ op, operands: [x, y] }) => fp32[op](x, y))).toEqual(
      steps.map(({ result }) => result),
    );
  });
});
