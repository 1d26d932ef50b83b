import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import { drawTarget } from './target.ts';

function shares(row: number[]): number[] {
  const random = createRandom([0xb7e15162, 0x8aed2a6a, 0xbf715880, 0x9cf4f3c7]);
  const counts = new Array<number>(row.length).fill(0);
  for (let i = 0; i < 3000; i++) counts[drawTarget(random, Float32Array.from(row))] += 1 / 3000;
  return counts;
}

describe('drawTarget', () => {
  it('should prefer the max, the min, the first and the last class, and draw every other', () => {
    const [first, other, max, min, last] = shares([0, 0.5, 3, -3, 1]);
    for (const favorite of [first, max, min, last]) expect(favorite).toBeCloseTo(0.24, 1);
    expect(other).toBeGreaterThan(0.01);
  });

  it('should take the first of several maxima and minima', () => {
    const [, firstMax, max, , firstMin, min] = shares([0, 1, 1, 0, -1, -1, 0]);
    expect(firstMax).toBeGreaterThan(3 * max);
    expect(firstMin).toBeGreaterThan(3 * min);
  });

  it('should draw a masked class', () => {
    expect(shares([0, 1, -Infinity, 0])[2]).toBeGreaterThan(0.15);
  });

  it('should stay in range when all classes are masked, or there is one', () => {
    expect(shares([-Infinity, -Infinity]).reduce((sum, share) => sum + share)).toBeCloseTo(1);
    expect(shares([7])[0]).toBeCloseTo(1);
  });
});
