import { assert, double, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneOf, type Decimal, decimalOf, Wide } from './decimal.ts';
import { elementary } from './elementary.ts';

/** decimal.js's own functions, with digits to spare. */
const Reference = cloneOf(260);
const precisions = [20, 28, 56, 112];

/** |computed / reference - 1| in units of 10^(1-digits), the units of the stated bounds. */
function errorUnits(computed: Decimal, reference: Decimal, digits: number): number {
  return Reference.div(computed, reference)
    .minus(1)
    .abs()
    .times(`1e${digits - 1}`)
    .toNumber();
}

describe('expNegative', () => {
  it.each(precisions)('should be within 6 * 10^(1 - %i) of the truth', (digits) => {
    const { expNegative } = elementary(digits);
    const gap = double({ min: 0, max: 300, noNaN: true }).map((x) => decimalOf(Math.fround(x)));
    assert(
      property(gap, (d) => {
        const reference = new Reference(d).neg().exp();
        expect(errorUnits(expNegative(d), reference, digits)).toBeLessThanOrEqual(6);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it.each(['0.0001', '0.99', '1', '17', '0.00999999999999999999999', '99.9999', '3.00000000000000000000001'])(
    'should be so at the seam %s of its tables',
    (seam) => {
      const reference = new Reference(seam).neg().exp();
      expect(errorUnits(elementary(28).expNegative(new Wide(seam)), reference, 28)).toBeLessThanOrEqual(6);
    },
  );

  it('should be exactly 1 at 0', () => {
    expect(elementary(28).expNegative(new Wide(0)).eq(1)).toBe(true);
  });
});

describe('logOnePlus', () => {
  it.each(precisions)('should be within 80 * 10^(1 - %i) of the truth, from tiny to huge', (digits) => {
    const { Decimal: D, logOnePlus } = elementary(digits);
    const argument = integer({ min: -110, max: 8 }).chain((exponent) =>
      integer({ min: 1_000_000, max: 9_999_999 }).map(
        (significand) => new D(`${significand}e${exponent - 7}`),
      ),
    );
    assert(
      property(argument, (s) => {
        const reference = Reference.add(s, 1).ln();
        expect(errorUnits(logOnePlus(s), reference, digits)).toBeLessThanOrEqual(80);
      }),
      { seed: 8, numRuns: 40 },
    );
  });

  it.each(['0.0999999999', '0.1', '1', '999', '1e-300'])('should be so at %s', (text) => {
    const { Decimal: D, logOnePlus } = elementary(28);
    const reference = cloneOf(700).add(text, 1).ln();
    expect(errorUnits(logOnePlus(new D(text)), reference, 28)).toBeLessThanOrEqual(80);
  });

  it('should be exactly 0 at 0', () => {
    expect(elementary(28).logOnePlus(new Wide(0)).isZero()).toBe(true);
  });
});
