import { describe, expect, it } from 'vitest';
import { roundedSum } from './rounded-sum.ts';

describe('roundedSum', () => {
  it.each([
    ['a tie that a small part tips up', 1 + 2 ** -24, 2 ** -80, 1 + 2 ** -23],
    ['a tie that a small part tips down', 1 + 3 * 2 ** -24, -(2 ** -80), 1 + 2 ** -23],
    ['the same below 0', -1 - 2 ** -24, -(2 ** -80), -1 - 2 ** -23],
    ['the same below 0, tipped towards 0', -1 - 3 * 2 ** -24, 2 ** -80, -1 - 2 ** -23],
    ['a tie', 1, 2 ** -24, 1],
    ['an exact sum', 0.5, 0.25, 0.75],
    ['infinities', Number.NEGATIVE_INFINITY, 1, Number.NEGATIVE_INFINITY],
    ['no number', Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
    ['beyond FP32', 2 ** 200, 1, Number.POSITIVE_INFINITY],
  ])('should round %s once', (_, a, b, expected) => {
    expect(roundedSum(a, b)).toBe(expected);
    expect(roundedSum(b, a)).toBe(expected);
  });
});
