import { describe, expect, it } from 'vitest';
import { fromBits, toHexWords } from './bits.ts';
import {
  EXP_OVERFLOW,
  EXP_SUBNORMAL,
  EXP_UNDERFLOW,
  MAX_FINITE,
  MIN_NORMAL,
  MIN_SUBNORMAL,
  OVERFLOW_THRESHOLD,
} from './constants.ts';
import { nextDown, nextUp } from './ordinal.ts';

/** e^x is no tie near these x, so a double of it is enough to round it. */
const exp32 = (x: number) => Math.fround(Math.exp(x));

describe('the ends of FP32', () => {
  it('should be the words that IEEE 754 gives them', () => {
    expect([MIN_SUBNORMAL, MIN_NORMAL, MAX_FINITE]).toEqual([1, 0x00800000, 0x7f7fffff].map(fromBits));
  });

  it('should round up to infinity from the threshold on', () => {
    expect(Math.fround(OVERFLOW_THRESHOLD)).toBe(Number.POSITIVE_INFINITY);
    expect(Math.fround(OVERFLOW_THRESHOLD * (1 - 2 ** -53))).toBe(MAX_FINITE);
  });
});

describe('the thresholds of exp', () => {
  it('should have the words that their comments name', () => {
    expect(toHexWords([EXP_OVERFLOW, EXP_UNDERFLOW, EXP_SUBNORMAL])).toEqual([
      '42b17218',
      'c2cff1b5',
      'c2aeac50',
    ]);
    expect([EXP_OVERFLOW, EXP_UNDERFLOW, EXP_SUBNORMAL].map(Math.fround)).toEqual([
      EXP_OVERFLOW,
      EXP_UNDERFLOW,
      EXP_SUBNORMAL,
    ]);
  });

  it('should be the first FP32 values beyond', () => {
    expect([exp32(nextDown(EXP_OVERFLOW)), exp32(EXP_OVERFLOW)]).toEqual([
      expect.any(Number),
      Number.POSITIVE_INFINITY,
    ]);
    expect(exp32(nextDown(EXP_OVERFLOW))).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(exp32(EXP_UNDERFLOW)).toBe(0);
    expect(exp32(nextUp(EXP_UNDERFLOW))).toBe(MIN_SUBNORMAL);
    expect(Math.exp(EXP_SUBNORMAL)).toBeLessThan(MIN_NORMAL);
    expect(Math.exp(nextUp(EXP_SUBNORMAL))).toBeGreaterThanOrEqual(MIN_NORMAL);
  });
});
