import { describe, expect, it } from 'vitest';
import { createLeaders, joinLeaders, LEADERS, leadersOf, offer } from './leaders.ts';

/** The leaders of a list of sizes, whose positions are their indices. */
function leadersAmong(sizes: readonly number[], from = 0) {
  const leaders = createLeaders(0);
  for (const [i, size] of sizes.entries()) offer(leaders, from + i, 7, size);
  return leadersOf(leaders);
}

const sizes = Array.from({ length: 100 }, (_, i) => ((i * 37) % 50) + 1);
const expected = sizes
  .map((size, position) => ({ position, got: 7, size }))
  .sort((a, b) => b.size - a.size || a.position - b.position)
  .slice(0, LEADERS);

describe('offer', () => {
  it('should keep the largest, of equals the first', () => {
    expect(leadersAmong(sizes)).toEqual(expected);
  });

  it('should leave out NaN and what is not above the least', () => {
    expect(leadersAmong([Number.NaN, 0, -1])).toEqual([]);
  });
});

describe('joinLeaders', () => {
  it('should be the leaders of all, however they were split', () => {
    for (const cut of [1, 40, 99])
      expect(joinLeaders([leadersAmong(sizes.slice(0, cut)), leadersAmong(sizes.slice(cut), cut)])).toEqual(
        expected,
      );
  });
});
