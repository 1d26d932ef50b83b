import { describe, expect, it } from 'vitest';
import { distanceToCell, endOfCell, isNearest } from './cell.ts';
import { bf16, fp16, fp32 } from './index.ts';
import { unpackWords } from './words.ts';

const allWords = Uint16Array.from({ length: 2 ** 16 }, (_, word) => word);

describe.each([fp16, bf16])('the cells of $name', (format) => {
  const values = [...unpackWords(allWords, format)].filter((value) => value > 0);

  it('should hold what rounds to a number and nothing else, of every positive word', () => {
    const wrong = values.filter((y) => {
      const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map(
        (x) => endOfCell(x, y, format) ?? x,
      );
      const rounds = (x: number): boolean => format.round(x) === y;
      const hair = 2 ** -50;
      const isHeld = rounds(low * (1 + hair)) && rounds(high * (1 - hair));
      const isAll = !rounds(low * (1 - hair)) && (high === y || !rounds(high * (1 + hair)));
      return !(isHeld && isAll);
    });
    expect(wrong).toEqual([]);
  });

  it('should be 0 away from what rounds to it, and as far from others as the nearer end is', () => {
    expect(distanceToCell(1 + format.unitRoundoff, 1, format)).toBe(0);
    expect(distanceToCell(1 + 3 * format.unitRoundoff, 1, format)).toBe(2 * format.unitRoundoff);
    expect(distanceToCell(1 - format.unitRoundoff, 1, format)).toBe(format.unitRoundoff / 2);
    expect(distanceToCell(-1 + format.unitRoundoff, -1, format)).toBe(format.unitRoundoff / 2);
    expect(distanceToCell(format.maxFinite, Number.POSITIVE_INFINITY, format)).toBe(
      format.overflow - format.maxFinite,
    );
    expect(distanceToCell(format.beyond, format.maxFinite, format)).toBe(format.beyond - format.overflow);
    expect(distanceToCell(format.minSubnormal, 0, format)).toBe(format.minSubnormal / 2);
    expect(distanceToCell(format.beyond, Number.POSITIVE_INFINITY, format)).toBe(0);
  });
});

describe.each([fp16, bf16, fp32])('the number of $name nearest to a real', (format) => {
  const { minSubnormal, minNormal, maxFinite, overflow } = format;
  const next = (x: number): number => format.fromOrdinal(format.toOrdinal(x) + 1);
  const previous = (x: number): number => format.fromOrdinal(format.toOrdinal(x) - 1);
  const numbers = [
    minSubnormal,
    3 * minSubnormal,
    previous(minNormal),
    minNormal,
    next(minNormal),
    0.5,
    1,
    next(1),
    previous(2),
    2,
    3,
    maxFinite,
  ];

  it.each(numbers.flatMap((y) => [y, -y]))(
    'should be %f of all that is within its cell, and of nothing else',
    (y) => {
      const side = Math.sign(y);
      const high = Math.abs(y) === maxFinite ? side * overflow : (y + side * next(Math.abs(y))) / 2;
      const low = (y + side * previous(Math.abs(y))) / 2;
      const hair = Math.abs(y) * 2 ** -40;
      expect(isNearest(y, hair, y, format)).toBe(true);
      for (const [end, inwards] of [
        [high, -side],
        [low, side],
      ] as const) {
        expect(isNearest(end + 3 * inwards * hair, hair, y, format)).toBe(true);
        expect(isNearest(end + inwards * hair, 2 * hair, y, format)).toBe(false);
        expect(isNearest(end - inwards * hair, 0, y, format)).toBe(false);
      }
      // From a number to an end of its cell and no farther.
      const [width] = [high - y, y - low].map(Math.abs).sort((a, b) => a - b);
      expect(isNearest(y, width - hair, y, format)).toBe(true);
      expect(isNearest(y, width + hair, y, format)).toBe(false);
    },
  );

  it('should be 0 of what rounds to it, and none of infinities and NaN', () => {
    expect(isNearest(minSubnormal / 4, minSubnormal / 8, 0, format)).toBe(true);
    expect(isNearest(minSubnormal / 4, minSubnormal / 2, 0, format)).toBe(false);
    const infinite = Number.POSITIVE_INFINITY;
    for (const [x, error, y] of [
      [infinite, 0, infinite],
      [1, infinite, infinite],
      [1, infinite, 1],
      [Number.NaN, 0, 1],
      [1, Number.NaN, 1],
      [1, 0, Number.NaN],
    ] as const)
      expect(isNearest(x, error, y, format)).toBe(false);
  });
});
