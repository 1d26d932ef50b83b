import { describe, expect, it } from 'vitest';
import { addHistograms, binOf, medianOf, quantileOf } from './histogram.ts';

const of = (...sizes: number[]) =>
  sizes.map((size) => new Map([[binOf(size), 1]])).reduce(addHistograms, new Map());
const near = (size: number) =>
  expect.toSatisfy((x: number) => Math.abs(Math.log2(x / size)) <= 1 / 8 + 1e-12);

describe('medianOf', () => {
  it.each([
    [[1e-7], 1e-7],
    [[1e-45, 0.3, 1e30], 0.3],
    [[5e-324, 5e-324, 1], 5e-324],
    [[1, 2, 4, 8], 2],
  ])('should be within an eighth of an octave, of %j', (sizes, median) => {
    expect(medianOf(of(...sizes))).toEqual(near(median));
  });

  it('should know of 0 and Infinity, and of nothing', () => {
    expect(medianOf(of(0, 0, 1))).toBe(0);
    expect(medianOf(of(1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY))).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(binOf(Number.MAX_VALUE)).toBeLessThan(binOf(Number.POSITIVE_INFINITY));
    expect(binOf(Number.MIN_VALUE)).toBeGreaterThan(binOf(0));
    expect(medianOf(new Map())).toBeNaN();
  });
});

describe('quantileOf', () => {
  it('should have the share of all sizes at and below it', () => {
    const sizes = of(...Array.from({ length: 1000 }, (_, k) => k + 1));
    expect(quantileOf(sizes, 0.999)).toEqual(near(999));
    expect(quantileOf(sizes, 0.25)).toEqual(near(250));
  });
});
