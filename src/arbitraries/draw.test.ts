import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import { MAX_FINITE } from '../float32/constants.ts';
import { toOrdinal } from '../float32/ordinal.ts';
import { bell, eitherSign, level, magnitude, nudge } from './draw.ts';

const random = createRandom([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]);

function draws(draw: () => number, count = 4000): number[] {
  return Array.from({ length: count }, draw);
}

describe('magnitude', () => {
  it('should draw every exponent of its range about equally often', () => {
    const exponents = draws(() => magnitude(random, -2, 1)).map((x) => Math.floor(Math.log2(x)));
    for (const exponent of [-2, -1, 0, 1]) {
      const share = exponents.filter((each) => each === exponent).length / exponents.length;
      expect(share).toBeCloseTo(0.25, 1);
    }
  });

  it('should reach both ends of the normal range and stay finite', () => {
    const sizes = [
      ...draws(() => magnitude(random, -126, -126)),
      ...draws(() => magnitude(random, 127, 127)),
    ];
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(2 ** -126);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_FINITE);
    expect(Math.max(...sizes)).toBeGreaterThan(2 ** 127);
  });
});

describe('eitherSign', () => {
  it('should draw both signs, of zero too', () => {
    const zeros = new Set(draws(() => 1 / eitherSign(random, 0), 40));
    expect(zeros).toEqual(new Set([Infinity, -Infinity]));
  });
});

describe('bell', () => {
  it('should have mean 0 and variance 1', () => {
    const values = draws(() => bell(random), 20_000);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });
});

describe('nudge', () => {
  it('should draw every float within reach, across zero too', () => {
    const places = new Set(draws(() => toOrdinal(nudge(random, 2 ** -149, 3)), 200));
    expect([...places].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3, 4]);
  });
});

describe('level', () => {
  it('should draw FP32 values: zeros, integers, fractions, and large ones of both signs', () => {
    const levels = draws(() => level(random));
    expect(levels.every((x) => Math.fround(x) === x)).toBe(true);
    expect(levels).toContain(0);
    expect(levels).toContain(-10);
    expect(levels.some((x) => x > 2 ** 24)).toBe(true);
    expect(levels.some((x) => x < -(2 ** 24))).toBe(true);
  });
});
