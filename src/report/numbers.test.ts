import { describe, expect, it } from 'vitest';
import { formatCount, formatDuration, formatNumberOf, formatPower, formatSize } from './numbers.ts';

describe('formatSize', () => {
  it.each([
    [0, '0'],
    [0.5, '0.5'],
    [0.123456, '0.123'],
    [1.0049, '1'],
    [3729.6, '3730'],
    [176_000, '176000'],
    [999_499, '999000'],
    [999_999, '1e+6'],
    [1_000_000, '1e+6'],
    [1.4142e9, '1.4e+9'],
    [0.00099999, '0.001'],
    [0.000994, '9.9e-4'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('should write %d as %s', (size, text) => {
    expect(formatSize(size)).toBe(text);
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [849.6, '850 ms'],
    [949, '949 ms'],
    [999.7, '1.0 s'],
    [12_345, '12.3 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 0 s'],
    [119_600, '2 min 0 s'],
    [125_000, '2 min 5 s'],
    [3_600_000, '60 min 0 s'],
  ])('should write %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatCount', () => {
  it('should group by three', () => {
    expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
  });
});

describe('formatNumberOf', () => {
  it('should know one from many', () => {
    expect([0, 1, 2000].map((n) => formatNumberOf(n, 'try', 'tries'))).toEqual([
      '0 tries',
      '1 try',
      '2,000 tries',
    ]);
  });
});

describe('formatPower', () => {
  it('should write the exponent above', () => {
    expect([2 ** -18, 1, 1024].map(formatPower)).toEqual(['2⁻¹⁸', '2⁰', '2¹⁰']);
  });
});
