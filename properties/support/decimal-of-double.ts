/** Doubles as Decimals. `new Decimal(x)` reads the shortest decimal string of x, which is off by up to half an ulp of it. */
import { type Decimal, Wide } from '../../src/row/decimal.ts';

/** The Decimal of a finite double, exactly: a 53-bit integer times a power of two. */
export function decimalOfDouble(x: number): Decimal {
  if (x === 0) return new Wide(0);
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))) - 52, -1074);
  // In two steps, as 2^1074 is no double.
  const integer = x * 2 ** -Math.trunc(exponent / 2) * 2 ** (Math.trunc(exponent / 2) - exponent);
  return new Wide(integer).times(new Wide(2).pow(exponent));
}
