import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { fp32 } from '../../formats/index.ts';
import { masks } from './masks.ts';

/** The masks over a row of zeros, as strings: `x` is masked. */
function patterns(length: number, count = 3000): string[] {
  const random = createRandom([0xc0ac29b7, 0xc97c50dd, 0x3f84d5b5, 0xb5470917]);
  const fill = masks([(_, row) => row.fill(0)]);
  return Array.from({ length: count }, () => {
    const row = new Float32Array(length).fill(Number.NaN);
    fill(random, row, fp32);
    const marks = row.map((x) => (x === 0 ? 46 : x === Number.NEGATIVE_INFINITY ? 120 : 63)); // . x ?
    return Buffer.from(marks).toString('latin1');
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

  it.each([4, 8, 16, 32, 64, 128, 256])('should mask each aligned tile of %i, and all but it', (width) => {
    const count = 3;
    const drawn = new Set(patterns(count * width, 15_000));
    for (let t = 0; t < count; t++) {
      const only = ['.', '.', '.']
        .with(t, 'x')
        .map((mark) => mark.repeat(width))
        .join('');
      expect(drawn).toContain(only);
      expect(drawn).toContain(only.replaceAll('x', '-').replaceAll('.', 'x').replaceAll('-', '.'));
    }
  });

  it('should mask blocks of any size at any place, and several tiles', () => {
    const drawn = new Set(patterns(12, 15_000));
    const blocks = Array.from({ length: 11 }, (_, k) => k + 1).flatMap((size) =>
      Array.from(
        { length: 13 - size },
        (_, start) => `${'.'.repeat(start)}${'x'.repeat(size)}${'.'.repeat(12 - start - size)}`,
      ),
    );
    expect(blocks.filter((pattern) => !drawn.has(pattern))).toEqual([]);
    expect(patterns(64, 5000)).toContain(`${'.'.repeat(8)}${'x'.repeat(8)}`.repeat(4));
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
