import { describe, expect, it } from 'vitest';
import type { Explorer } from './explore.ts';
import type { Range } from './ranges.ts';
import { runRanges } from './run-ranges.ts';

/** An explorer that runs at most `most` cases of a range, and notes how many ranges it runs at once. */
function slow(most: number) {
  let running = 0;
  const seen = { most: 0 };
  const explore: Explorer = async ([from, to]) => {
    seen.most = Math.max(seen.most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    return { range: [from, Math.min(to, from + most)], tallies: [] };
  };
  return { explore, seen };
}

describe('runRanges', () => {
  it('should explore every range once and to its end, so many at once', async () => {
    const { explore, seen } = slow(2);
    const done: Range[] = [];
    const ranges: Range[] = [
      [0, 5],
      [10, 11],
      [20, 23],
      [30, 30 + 4],
    ];
    await runRanges(ranges, { explore, lanes: 3, add: ({ range }) => done.push(range), isOver: () => false });
    expect(seen.most).toBe(3);
    expect(done.sort(([a], [b]) => a - b)).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
      [10, 11],
      [20, 22],
      [22, 23],
      [30, 32],
      [32, 34],
    ]);
  });

  it('should give out no more once it is over, and wait for what runs', async () => {
    const { explore } = slow(1);
    const done: Range[] = [];
    const isOver = () => done.length >= 3;
    await runRanges([[0, 100]], { explore, lanes: 1, add: ({ range }) => done.push(range), isOver });
    expect(done).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('should reject when the explorer does', async () => {
    const explore: Explorer = () => Promise.reject(new Error('lost'));
    const exploring = { explore, lanes: 2, add: () => {}, isOver: () => false };
    await expect(runRanges([[0, 1]], exploring)).rejects.toThrow('lost');
  });
});
