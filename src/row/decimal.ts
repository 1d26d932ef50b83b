/**
 * Decimals: clones of decimal.js with fixed precisions, and the exact conversion of FP32.
 *
 * A clone rounds the result of each operation to its own precision, half up, so with a relative error of at
 * most 0.5 * 10^(1 - digits); operands enter unrounded, whichever clone made them. The global `Decimal` is
 * never configured. `new Decimal(x)` reads the shortest decimal string of the double x, which is not x:
 * a float with a fraction has to come through {@link decimalOf}.
 */
import { Decimal } from 'decimal.js';
import { toBits } from '../float32/bits.ts';

export type { Decimal } from 'decimal.js';

/** A constructor of Decimals, with the precision of their operations. */
export type DecimalClone = typeof Decimal;

/**
 * Significant digits of {@link Wide}. Sums are exact in it: FP32 values and their midpoints are multiples of
 * 2^-150 below 2^128, products of two multiples of 2^-298 below 2^256, so 78 digits before the point and 298 after; a logarithm
 * of the oracle at its highest precision (224 digits of a number above 10^-350) ends before the 575th place; 10^9 of
 * them add 9 digits.
 */
const WIDE_DIGITS = 700;

/** The clone in which sums and differences of FP32 values, of their products and of the oracle's logarithms are exact. */
export const Wide: DecimalClone = cloneOf(WIDE_DIGITS);

/** Zero, for exact answers and exact error bounds. */
export const ZERO = new Wide(0);

/** A clone of Decimal that works with this many significant digits. */
export function cloneOf(digits: number): DecimalClone {
  return Decimal.clone({ defaults: true, precision: digits });
}

const powersOfTwo = new Map<number, Decimal>();

function powerOfTwo(exponent: number): Decimal {
  let power = powersOfTwo.get(exponent);
  if (power === undefined) {
    power = new Wide(2).pow(exponent);
    powersOfTwo.set(exponent, power);
  }
  return power;
}

/**
 * The exact value of an FP32 number, or of a midpoint of two neighboring ones (the double `(a + b) / 2`).
 * NaN and the infinities stay, -0 gives 0.
 *
 * With e = max(exponent field, 1) - 152, a multiple of 2^e: a quarter of the spacing of FP32 at `value`, so
 * that midpoints, also the one between the largest float and 2^128, become integers below 2^26.
 */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) return new Wide(value);
  if (value === 0) return ZERO;
  const field = (toBits(value) >>> 23) & 0xff;
  const exponent = Math.max(field, 1) - 152;
  return powerOfTwo(exponent).times(value / 2 ** exponent);
}
