/** Rational numbers of BigInts, and their rounding to FP32 by integer division: no floating point but the last step. */

/** numerator / denominator; the denominator is positive. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A finite double as a rational whose denominator is a power of two. */
export function rationalOf(value: number): Rational {
  let scale = 0;
  while (!Number.isInteger(value * 2 ** scale)) scale += 40;
  return { numerator: BigInt(value * 2 ** scale), denominator: 1n << BigInt(scale) };
}

/**
 * The FP32 value nearest to a rational: ties to even, overflow from halfway between the largest value and 2^128.
 * 0 gives +0; a negative number that underflows gives -0.
 */
export function roundRational({ numerator, denominator }: Rational): number {
  if (numerator < 0n) return -roundRational({ numerator: -numerator, denominator });
  if (numerator === 0n) return 0;
  // 2^exponent <= numerator / denominator < 2^(exponent + 1), once the guess is corrected.
  let exponent = bitLength(numerator) - bitLength(denominator);
  if (shifted(numerator, -exponent) < shifted(denominator, exponent)) exponent--;
  const place = Math.max(exponent, -126) - 23;
  const dividend = shifted(numerator, -place);
  const divisor = shifted(denominator, place);
  const quotient = dividend / divisor;
  const twice = 2n * (dividend % divisor);
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  const rounded = Number(quotient + (up ? 1n : 0n)) * 2 ** place;
  return rounded < 2 ** 128 ? rounded : Number.POSITIVE_INFINITY;
}

/** value * 2^bits for bits > 0, value itself otherwise. */
function shifted(value: bigint, bits: number): bigint {
  return bits > 0 ? value << BigInt(bits) : value;
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}
