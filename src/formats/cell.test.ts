import { describe, expect, it } from 'vitest';
import { distanceToCell, endOfCell } from './cell.ts';
import { bf16, fp16 } from './index.ts';
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
