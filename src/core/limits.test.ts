import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bothLimits, fitted, isWithin, type Limits } from './limits.ts';

const sizes = fc.record({ rows: fc.integer({ min: 1, max: 300 }), cols: fc.integer({ min: 1, max: 3000 }) });
const limits: fc.Arbitrary<Limits> = fc.record({
  maxRows: fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined }),
  maxCols: fc.option(fc.integer({ min: 64, max: 2048 }), { nil: undefined }),
  multipleOf: fc.option(fc.constantFrom(1, 2, 4, 6, 8, 32), { nil: undefined }),
});

describe('fitted', () => {
  it('should be within the limits, and leave what is', () => {
    fc.assert(
      fc.property(sizes, limits, (shape, limit) => {
        expect(isWithin(fitted(shape, limit), limit)).toBe(true);
        if (isWithin(shape, limit)) expect(fitted(shape, limit)).toEqual(shape);
      }),
    );
  });

  it.each([
    [{ rows: 9, cols: 9 }, {}, { rows: 9, cols: 9 }],
    [{ rows: 9, cols: 9 }, { multipleOf: 8 }, { rows: 9, cols: 16 }],
    [
      { rows: 9, cols: 1 },
      { multipleOf: 8, maxRows: 4 },
      { rows: 4, cols: 8 },
    ],
    [
      { rows: 1, cols: 2000 },
      { multipleOf: 8, maxCols: 1023 },
      { rows: 1, cols: 1016 },
    ],
  ])('should make of %j by %j %j', (shape, limit, expected) => {
    expect(fitted(shape, limit)).toEqual(expected);
  });
});

describe('bothLimits', () => {
  it('should take what both take', () => {
    fc.assert(
      fc.property(sizes, limits, limits, (shape, a, b) => {
        expect(isWithin(shape, bothLimits(a, b))).toBe(isWithin(shape, a) && isWithin(shape, b));
      }),
    );
  });
});
