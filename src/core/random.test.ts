import { describe, expect, it } from 'vitest';
import { createRandom, type Seed } from './random.ts';

function words(seed: Seed, count: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.word());
}

describe('createRandom', () => {
  it('should give the words of the reference implementation', () => {
    // xoshiro128starstar.c with the state {1, 2, 3, 4}; the crate rand_xoshiro tests the same ten.
    expect(words([1, 2, 3, 4], 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('should take the words of a seed modulo 2^32', () => {
    expect(words([-1, -2, -3, -4], 5)).toEqual(
      words([2 ** 32 - 1, 2 ** 32 - 2, 2 ** 32 - 3, 2 ** 32 - 4], 5),
    );
  });

  it('should not be stuck at four zeros', () => {
    expect(new Set(words([0, 0, 0, 0], 8)).size).toBeGreaterThan(4);
  });

  it('should draw every number below n about equally often, and none else', () => {
    const random = createRandom([11, 22, 33, 44]);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 7000; i++) counts[random.below(7)]++;
    expect(counts).toHaveLength(7);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
  });

  it('should be true with the probability asked for', () => {
    const random = createRandom([5, 6, 7, 8]);
    const share = (p: number) =>
      Array.from({ length: 4000 }, () => random.chance(p)).filter(Boolean).length / 4000;
    expect(share(0)).toBe(0);
    expect(share(1)).toBe(1);
    expect(share(0.25)).toBeCloseTo(0.25, 1);
  });

  it('should pick every element of a list', () => {
    const random = createRandom([1, 2, 3, 5]);
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])))).toEqual(
      new Set(['a', 'b', 'c']),
    );
  });
});
