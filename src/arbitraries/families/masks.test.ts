import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { masks } from './masks.ts';

/** The masks over a row of zeros, as strings: `x` is masked. */
function patterns(length: number, count = 3000): string[] {
  const random = createRandom([0xc0ac29b7, 0xc97c50dd, 0x3f84d5b5, 0xb5470917]);
  const fill = masks([(_, row) => row.fill(0)]);
  return Array.from({ length: count }, () => {
    const row = new Float32Array(length).fill(Number.NaN);
    fill(random, row);
    return Array.from(row, (x) => ({ '-Infinity': 'x', 0: '.' })[x] ?? '?').join('');
  });
}

describe('masks', () => {
  it('should mask every prefix, suffix, tile, single class and all but one', () => {
    const drawn = patterns(16);
    const expected = [
      'x...............',
      'xxxxx...........',
      'xxxxxxxxxxxxxxx.',
      '.xxxxxxxxxxxxxxx',
      '...........xxxxx',
      '...............x',
      'xxxx............',
      '....xxxx........',
      'xxxxxxxx........',
      'xxxx....xxxxxxxx',
      'xxxxxxxx....xxxx',
      '.......x........',
      'xxxxxxx.xxxxxxxx',
    ];
    expect(expected.filter((pattern) => drawn.filter((each) => each === pattern).length < 10)).toEqual([]);
    expect(drawn.join('')).not.toContain('?');
  });

  it('should mask tiles of 128', () => {
    expect(patterns(384)).toContain('.'.repeat(128) + 'x'.repeat(128) + '.'.repeat(128));
  });

  it('should mask something always, and everything rarely', () => {
    for (const length of [2, 3, 16]) {
      const drawn = patterns(length);
      const all = drawn.filter((pattern) => !pattern.includes('.')).length / drawn.length;
      expect(drawn.every((pattern) => pattern.includes('x'))).toBe(true);
      expect(all).toBeGreaterThan(0.015);
      expect(all).toBeLessThan(0.05);
    }
  });

  it('should seldom mask the only class of a row', () => {
    expect(new Set(patterns(1))).toEqual(new Set(['.', 'x']));
    expect(patterns(1).filter((pattern) => pattern === 'x').length).toBeLessThan(150);
  });
});
