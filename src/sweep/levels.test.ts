import { describe, expect, it } from 'vitest';
import { decimalOf } from '../row/decimal.ts';
import { exactLevel, levelWithin, lowerLimit } from './levels.ts';

describe('exactLevel', () => {
  it.each([
    [0, 0],
    [0.5, 0],
    [0.5 + 2 ** -24, 1],
    [1, 1],
    [1.25, 2],
    [2, 2],
    [3, 3],
    [2 ** 24, 25],
  ])('should be, for %f ULP, %i', (ulps, level) => {
    expect(exactLevel(decimalOf(ulps))).toBe(level);
    if (level > 0) expect(lowerLimit(level)).toBeLessThan(ulps);
  });
});

describe('levelWithin', () => {
  it('should be the level of the error in ULP', () => {
    expect(levelWithin(0.75, 0, 0.75, 2 ** 24)).toBe(0);
    expect(levelWithin(0.75, 0, 0.75 - 0.49 * 2 ** -24, 2 ** 24)).toBe(0);
    expect(levelWithin(0.75, 0, 0.75 - 0.51 * 2 ** -24, 2 ** 24)).toBe(1);
    expect(levelWithin(0.75, 0, 0.75 + 5 * 2 ** -24, 2 ** 24)).toBe(4);
    expect(levelWithin(0, 0, 1e-40, 2 ** 149)).toBe(18);
  });

  it('should tell by a delta that no sum of doubles shows, on which side of a limit an error is', () => {
    for (const tiny of [1e-20, 1e-87]) {
      // The exact answer is just below 1, of which FP32 values are 1, 2, 4… ULP away but for the delta.
      expect(levelWithin(1 - 2 ** -24, 1, -tiny, 2 ** 24)).toBe(1);
      expect(levelWithin(1 - 2 ** -22, 1, -tiny, 2 ** 24)).toBe(3);
      expect(levelWithin(1 + 2 ** -24, 1, -tiny, 2 ** 24)).toBe(2);
      expect(levelWithin(0, 1, -tiny, 2 ** 24)).toBe(25);
      expect(levelWithin(2, 1, -tiny, 2 ** 24)).toBe(26);
    }
  });

  it('should not forget an answer beside a much larger base', () => {
    // 1 - 1e-30 away, less the delta.
    expect(levelWithin(1e-30, 1, -1e-87, 2 ** 24)).toBe(25);
    expect(levelWithin(-1e-30, 1, -1e-87, 2 ** 24)).toBe(26);
    expect(levelWithin(-1e-30, 1, -1e-20, 2 ** 24)).toBe(25);
  });

  it('should be undefined where the error of delta reaches the limit', () => {
    const exactly = 0.25 + 2 ** -26; // Half a ULP of 1/4 away from it.
    expect(levelWithin(0.25, 0, exactly, 2 ** 25)).toBeUndefined();
    expect(levelWithin(0.25, 0, exactly * (1 - 2 ** -44), 2 ** 25)).toBe(0);
    expect(levelWithin(0.25, 0, exactly * (1 + 2 ** -44), 2 ** 25)).toBe(1);
  });
});
