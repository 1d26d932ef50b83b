import { describe, expect, it } from 'vitest';
import { noSize } from '../../core/error-size.ts';
import { binOf } from '../../core/histogram.ts';
import { type Discovery, foldDiscoveries } from '../explore/tally.ts';
import { isHeavier, leastWeight, startsOf } from './starts.ts';

function met(number: number, cols: number, weight: number): Discovery {
  const at = { case: number, step: 0, ...noSize, weight };
  return {
    signature: { operation: 'crossEntropy', kind: 'inaccurate', trigger: 'ordinary', severity: 'error' },
    simplest: { ...at, finite: true, rows: 1, cols, cells: 0 },
    worst: at,
    first: number,
    occurrences: 1,
    weights: new Map([[binOf(weight), 1]]),
  };
}

const told = (...discoveries: Discovery[]) =>
  startsOf(discoveries.reduce(foldDiscoveries)).map(({ at, worst, occurrences }) => [
    at.case,
    worst.case,
    occurrences,
  ]);

describe('leastWeight', () => {
  it('should be within a factor of 16, alike for weights between two powers of it, and nothing below one ULP', () => {
    expect([0.0625, 0.07, 0.5, 0.999].map(leastWeight)).toEqual([1 / 256, 0.0625, 0.0625, 0.0625]);
    expect([1, 1.1, 15.9, 16].map(leastWeight)).toEqual([0.0625, 1, 1, 1]);
    expect([2 ** -24, 2 ** -24 * 15, 2 ** -25, 1e-40].map(leastWeight)).toEqual([2 ** -24, 2 ** -24, 0, 0]);
    expect(leastWeight(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('isHeavier', () => {
  it('should take weights below one ULP of the unit for one', () => {
    expect(isHeavier(1e-7, 1e-40)).toBe(false);
    expect(isHeavier(1e-6, 1e-40)).toBe(true);
    expect([isHeavier(0.16, 0.01), isHeavier(0.17, 0.01), isHeavier(Number.POSITIVE_INFINITY, 1)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('startsOf', () => {
  it('should be the simplest batch alone where the heaviest is up to 16 times as heavy', () => {
    expect(told(met(1, 2, 0.01), met(2, 9, 0.16))).toEqual([[1, 2, 2]]);
    expect(told(met(1, 2, 1), met(2, 9, 1e-9))).toEqual([[1, 1, 2]]);
  });

  it('should be the heaviest too where it is another matter, each with its own share of the cases', () => {
    expect(told(met(1, 2, 1e-7), met(2, 9, 0.5), met(3, 9, 2e-7), met(4, 9, 0.4))).toEqual([
      [1, 1, 2],
      [2, 2, 2],
    ]);
  });

  it('should be both for a part of a campaign, unless they are one batch', () => {
    expect(startsOf([met(1, 2, 0.1), met(2, 9, 0.2)].reduce(foldDiscoveries), true)).toHaveLength(2);
    expect(startsOf(met(1, 2, 0.1), true)).toHaveLength(1);
    const unsized = [met(1, 2, Number.POSITIVE_INFINITY), met(2, 9, Number.POSITIVE_INFINITY)];
    expect(startsOf(unsized.reduce(foldDiscoveries), true)).toHaveLength(1);
  });
});
