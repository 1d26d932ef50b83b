import { describe, expect, it } from 'vitest';
import { fromHex } from '../float32/bits.ts';
import { EXP_OVERFLOW, EXP_SUBNORMAL, EXP_UNDERFLOW, MAX_FINITE } from '../float32/constants.ts';
import { nextDown, nextUp } from '../float32/ordinal.ts';
import {
  FAR_OFFSET,
  isOffset,
  isPlainer,
  mostParticular,
  type Trigger,
  triggerNearZero,
  triggerOf,
  triggers,
} from './trigger.ts';

const inf = Number.POSITIVE_INFINITY;
const of = (...row: number[]) => triggerOf(Float32Array.from(row));

describe('triggerOf', () => {
  it.each<[Trigger, number[]]>([
    ['ordinary', [0]],
    ['ordinary', [1, 2, 3]],
    ['ordinary', [87, 0]],
    ['exp-overflow', [EXP_OVERFLOW]],
    ['exp-overflow', [0, nextDown(FAR_OFFSET), -inf]],
    ['high-offset', [0, MAX_FINITE, -inf]],
    ['high-offset', [FAR_OFFSET]],
    ['exp-underflow', [EXP_UNDERFLOW, -1000]],
    ['exp-underflow', [nextUp(-FAR_OFFSET), -MAX_FINITE, -inf]],
    ['low-offset', [-FAR_OFFSET, -1000]],
    ['low-offset', [-MAX_FINITE, -inf]],
    ['masked', [0, -inf]],
    ['masked', [-inf, 0, -200]],
    ['all-masked', [-inf, -inf]],
    ['positive-infinity', [inf, -inf, 0]],
    ['nan', [inf, Number.NaN]],
    ['nan', [Number.NaN, inf]],
    ['nan', [1e30, Number.NaN]],
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

  it('should change between neighbors where a probability becomes subnormal that its weight is not', () => {
    // e^-86 / 2 is normal, e^-87 / 2 is not, as e^(-87 - ln 2) is below 2^-126; neither weight is subnormal.
    expect([of(0, 0, -86), of(0, 0, -87)]).toEqual(['ordinary', 'underflow']);
    const edge = Math.fround(EXP_SUBNORMAL + Math.LN2);
    expect([of(0, 0, nextUp(nextUp(edge))), of(0, 0, nextDown(edge))]).toEqual(['ordinary', 'underflow']);
    // A third of e^-86.3 is below 2^-126, a third of e^-86.2 is not, were there three like the largest.
    expect([of(0, 0, 0, -86.2), of(0, 0, 0, -86.3)]).toEqual(['ordinary', 'underflow']);
    expect(of(0, -50, -50, -86.3)).toBe('ordinary');
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

describe('triggerNearZero', () => {
  it('should be the trigger of a row but for an offset', () => {
    expect(triggerNearZero(Float32Array.of(1000, 0))).toBe('exp-overflow');
    expect(triggerNearZero(Float32Array.of(-1000, -inf))).toBe('exp-underflow');
    for (const row of [[0], [89], [-104], [0, -inf], [inf], [-inf], [Number.NaN, 1e9]])
      expect(triggerNearZero(Float32Array.from(row))).toBe(of(...row));
  });
});

describe('isOffset', () => {
  it('should ask for a finite largest logit far from 0', () => {
    const rows = [[FAR_OFFSET, 0], [-FAR_OFFSET, -inf], [0, -FAR_OFFSET], [inf], [-inf], [127, -500]];
    expect(rows.map((row) => isOffset(Float32Array.from(row)))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
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

  it('should put an offset before overflows, which it owes nothing to', () => {
    for (const offset of ['high-offset', 'low-offset'] as const) {
      for (const other of triggers.filter((each) => !each.endsWith('-offset')))
        expect([isPlainer(other, offset), isPlainer(offset, other)]).toEqual([true, false]);
      expect(isPlainer(offset, 'high-offset') || isPlainer(offset, 'low-offset')).toBe(false);
    }
  });
});
