import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missing, type Range, sizeOf, unite } from './ranges.ts';

const range = fc
  .tuple(fc.integer({ min: -5, max: 30 }), fc.nat(6))
  .map(([from, length]): Range => [from, from + length]);
const ranges = fc.array(range, { maxLength: 8 });

const numbersOf = (of: readonly Range[]): Set<number> =>
  new Set(of.flatMap(([from, to]) => Array.from({ length: to - from }, (_, k) => from + k)));

describe('unite', () => {
  it('should be the union, in sorted ranges that do not touch', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const union = unite(a, b);
        expect(numbersOf(union)).toEqual(numbersOf([...a, ...b]));
        expect(sizeOf(union)).toBe(numbersOf(union).size);
        expect(union.every(([from, to], k) => from < to && (k === 0 || union[k - 1][1] < from))).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

describe('missing', () => {
  it('should be what the set lacks of a range, in order', () => {
    fc.assert(
      fc.property(range, ranges, (whole, some) => {
        const done = unite(some, []);
        const gaps = missing(whole, done);
        const lacking = [...numbersOf([whole])].filter((k) => !numbersOf(done).has(k));
        expect(numbersOf(gaps)).toEqual(new Set(lacking));
        expect(gaps).toEqual(unite(gaps, []));
      }),
      { seed: 2 },
    );
  });
});
