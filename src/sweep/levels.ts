/**
 * Errors by their size: level 0 is at most 1/2 ULP, level k above 2^(k-2) and at most 2^(k-1) ULP.
 *
 * Further than the error of the reference from a power of two, the level of a double is that of the truth. Nearer to
 * it, with a = got - base, |a - delta| > T is s a - T > s delta for the sign s of the error: a is kept exactly, as a
 * double and its rounding error (Knuth's TwoSum), and what remains is a comparison of two small numbers, of which
 * delta is known to 8v relative, v = 2^-53. It decides nearly always, and always where delta is tiny.
 */
import { type Decimal, Wide } from '../row/decimal.ts';

/** What float64 leaves open in an error of `ulps`: twice the bound of reference.ts. */
export function uncertainty(ulps: number): number {
  return 2 ** -24 + 2 ** -50 * ulps;
}

/** Errors up to here are of level 0, surely. */
export const SURELY_NEAREST = 0.5 - uncertainty(0.5);

/** The level of an error that is known exactly, in ULP. */
export function exactLevel(ulps: Decimal): number {
  let level = 0;
  for (let limit = new Wide(0.5); ulps.gt(limit); limit = limit.times(2)) level++;
  return level;
}

/** What the errors of a level exceed, in ULP; level 0 exceeds nothing. */
export function lowerLimit(level: number): number {
  return 2 ** (level - 2);
}

/**
 * The level of |got - (base + delta)|, delta with a relative error of at most 2^-50; undefined where double precision
 * cannot tell. All are finite.
 */
export function levelWithin(got: number, base: number, delta: number, perUlp: number): number | undefined {
  const signed = got - base - delta;
  const ulps = Math.abs(signed) * perUlp;
  const exponent = Math.max(-1, Math.round(Math.log2(ulps)));
  const limit = 2 ** exponent;
  const isAbove =
    Math.abs(ulps - limit) > uncertainty(ulps)
      ? ulps > limit
      : isBeyond(got, base, delta, limit / perUlp, Math.sign(signed));
  if (isAbove === undefined) return undefined;
  return isAbove ? exponent + 2 : exponent + 1;
}

function isBeyond(
  got: number,
  base: number,
  delta: number,
  limit: number,
  sign: number,
): boolean | undefined {
  const rounded = got - base;
  const virtual = got - rounded;
  const lost = got - (rounded + virtual) + (virtual - base);
  const excess = sign * rounded - limit;
  const pull = sign * (delta - lost);
  const open = 2 ** -48 * (Math.abs(delta) + Math.abs(lost)) + 2 ** -50 * Math.abs(excess);
  return Math.abs(excess - pull) > open ? excess > pull : undefined;
}
