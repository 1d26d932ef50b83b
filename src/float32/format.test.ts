import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBits, toBits } from './bits.ts';
import { formatFloat, formatFloats } from './format.ts';

const finite = fc.integer({ min: 0, max: 0x7f7fffff }).map(fromBits);

/** How many significant digits `text` has. */
function countDigits(text: string): number {
  return Number(text)
    .toExponential()
    .replace(/e.*|\D/g, '').length;
}

describe('formatFloat', () => {
  it('should read back as the same bits, for every word', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (bits) => {
        const x = fromBits(bits);
        expect(toBits(Number(formatFloat(x)))).toBe(toBits(x));
      }),
      { seed: 6, numRuns: 5000 },
    );
  });

  it('should not read back from one digit less, but for integers, which are written out', () => {
    fc.assert(
      fc.property(finite, (x) => {
        fc.pre(!Number.isInteger(x) || x >= 1e9);
        const digits = countDigits(formatFloat(x));
        fc.pre(digits > 1);
        expect(Math.fround(Number(x.toPrecision(digits - 1)))).not.toBe(x);
      }),
      { seed: 7, numRuns: 5000 },
    );
  });

  it.each([
    [0, '0'],
    [-0, '-0'],
    [Math.fround(0.1), '0.1'],
    [16777216, '16777216'],
    [-123456792, '-123456792'],
    [2 ** 30, '1.0737418e+9'],
    [2 ** 127, '1.7014118e+38'],
    [2 ** -149, '1e-45'],
    [Math.fround(88.72283935546875), '88.72284'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('should write %d as %s', (x, text) => {
    expect(formatFloat(x)).toBe(text);
  });
});

describe('formatFloats', () => {
  it('should list the values', () => {
    expect(formatFloats([1000, 1, -1000])).toBe('[1000, 1, -1000]');
    expect(formatFloats([])).toBe('[]');
  });
});
