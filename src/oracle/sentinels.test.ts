import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { distrust, expSentinels, log1pSentinels, tanhSentinels } from './sentinels.ts';

const D = Decimal.clone({ precision: 60, minE: -9e15, maxE: 9e15 });

/** The exact Decimal of a double: an integer of 53 bits times a power of two. */
function exact(x: number) {
  const exponent = Math.floor(Math.log2(Math.abs(x))) - 52;
  const wide = Decimal.clone({ precision: 400 });
  return new wide(x / 2 ** exponent).times(new wide(2).pow(exponent));
}

describe('distrust', () => {
  it('should trust this runtime', () => {
    expect(distrust()).toBeNull();
  });

  it('should name an exp, a log1p, a tanh or a flush that is off', () => {
    const off = (f: (x: number) => number) => (x: number) => f(x) * (1 + 2 ** -51);
    expect(distrust({ ...real, exp: off(Math.exp) })).toMatch(/^Math\.exp\(-\d/);
    expect(distrust({ ...real, log1p: off(Math.log1p) })).toMatch(/^Math\.log1p\(\d/);
    expect(distrust({ ...real, tanh: off(Math.tanh) })).toMatch(/^Math\.tanh\(\d/);
    expect(distrust({ ...real, fround: (x) => (Math.abs(x) < 2 ** -126 ? 0 : Math.fround(x)) })).toMatch(
      /subnormals/,
    );
  });

  const real = { exp: Math.exp, log1p: Math.log1p, tanh: Math.tanh, fround: Math.fround };
});

describe('the sentinels', () => {
  it('should hold the doubles nearest to the exact values', () => {
    for (const [x, nearest] of expSentinels) {
      expect(Number(new D(exact(x)).exp().toString()), `exp(${x})`).toBe(nearest);
    }
    for (const [x, nearest] of log1pSentinels) {
      expect(Number(new D(exact(x).plus(1)).ln().toString()), `log1p(${x})`).toBe(nearest);
    }
    for (const [x, nearest] of tanhSentinels) {
      expect(Number(new D(exact(x)).tanh().toString()), `tanh(${x})`).toBe(nearest);
    }
  });
});
