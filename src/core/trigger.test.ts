import { describe, expect, it } from 'vitest';
import { fromHex } from '../float32/bits.ts';
import { EXP_OVERFLOW, EXP_SUBNORMAL, EXP_UNDERFLOW, MAX_FINITE } from '../float32/constants.ts';
import { nextDown, nextUp } from '../float32/ordinal.ts';
import { isPlainer, mostParticular, type Trigger, triggerOf, triggers } from './trigger.ts';

const inf = Number.POSITIVE_INFINITY;
const of = (...row: number[]) => triggerOf(Float32Array.from(row));

describe('triggerOf', () => {
  it.each<[Trigger, number[]]>([
    ['ordinary', [0]],
    ['ordinary', [1, 2, 3]],
    ['ordinary', [87, 0]],
    ['exp-overflow', [EXP_OVERFLOW]],
    ['exp-overflow', [0, MAX_FINITE, -inf]],
    ['exp-underflow', [EXP_UNDERFLOW, -1000]],
    ['exp-underflow', [-MAX_FINITE, -inf]],
    ['masked', [0, -inf]],
    ['masked', [-inf, 0, -200]],
    ['all-masked', [-inf, -inf]],
    ['positive-infinity', [inf, -inf, 0]],
    ['nan', [inf, Number.NaN]],
    ['nan', [Number.NaN, inf]],
  ])('should be %s of %j', (trigger, row) => {
    expect(of(...row)).toBe(trigger);
  });

  it('should change between neighbors where exp overflows', () => {
    expect([of(nextDown(EXP_OVERFLOW)), of(EXP_OVERFLOW)]).toEqual(['ordinary', 'exp-overflow']);
  });

  it('should change between neighbors where every exp rounds to 0', () => {
    expect([of(nextUp(EXP_UNDERFLOW)), of(EXP_UNDERFLOW)]).toEqual(['underflow', 'exp-underflow']);
    expect(of(nextUp(EXP_UNDERFLOW), EXP_UNDERFLOW)).toBe('underflow');
  });

  it('should change between neighbors where an exp or a probability becomes subnormal', () => {
    expect([of(nextUp(EXP_SUBNORMAL)), of(EXP_SUBNORMAL)]).toEqual(['ordinary', 'underflow']);
    expect(of(0, nextUp(EXP_SUBNORMAL))).toBe('ordinary');
    expect(of(0, EXP_SUBNORMAL)).toBe('underflow');
    expect([of(40, -47), of(40, -48)]).toEqual(['ordinary', 'underflow']);
  });

  it('should change between neighbors where only the sum of the exps overflows', () => {
    const half = 88.02969193111305; // ln(2^127)
    const below = fromHex('42b00f33');
    expect(below).toBeLessThan(half);
    expect(nextUp(below)).toBeGreaterThan(half);
    expect([of(below, below), of(nextUp(below), nextUp(below))]).toEqual(['ordinary', 'sum-overflow']);
    expect(of(...new Array(1000).fill(82))).toBe('sum-overflow');
    expect(of(...new Array(1000).fill(81))).toBe('ordinary');
  });
});

describe('mostParticular', () => {
  it('should be the first of the triggers that occurs', () => {
    expect(mostParticular(['ordinary', 'exp-underflow', 'masked'])).toBe('exp-underflow');
    expect(mostParticular([...triggers].reverse())).toBe('nan');
    expect(mostParticular([])).toBe('ordinary');
  });
});

describe('isPlainer', () => {
  it('should order masked, underflow and ordinary, and put all else before them', () => {
    expect(isPlainer('ordinary', 'underflow')).toBe(true);
    expect(isPlainer('underflow', 'masked')).toBe(true);
    expect(isPlainer('masked', 'exp-overflow')).toBe(true);
    expect(isPlainer('ordinary', 'ordinary')).toBe(false);
    expect(isPlainer('masked', 'underflow')).toBe(false);
    expect(isPlainer('exp-overflow', 'exp-underflow')).toBe(false);
    expect(isPlainer('exp-underflow', 'exp-overflow')).toBe(false);
  });
});
