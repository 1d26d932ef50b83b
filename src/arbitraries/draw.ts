/**
 * The draws that several families share.
 *
 * They use only operations that IEEE 754 rounds correctly, so that a seed gives the same batch on every engine:
 * a wide range of magnitudes comes from random exponents, not from Math.exp.
 */
import type { Random } from '../core/random.ts';
import { fromBits } from '../float32/bits.ts';
import type { Format } from '../formats/format.ts';
import { fp32 } from '../formats/index.ts';

/**
 * An FP32 value in [2^low, 2^(high+1)): its exponent is uniform in low..high, within -126..127, its fraction too. On a grid of fewer
 * exponents `high` is its largest, and `low` no more.
 */
export function magnitude(random: Random, low: number, high: number, grid: Format = fp32): number {
  const most = Math.min(high, grid.maxExponent);
  const exponent = Math.min(low, most) + random.below(most - Math.min(low, most) + 1);
  return fromBits(((exponent + 127) << 23) | (random.word() >>> 9));
}

/** `value` or its negation, each with probability 1/2. */
export function eitherSign(random: Random, value: number): number {
  return random.chance(0.5) ? value : -value;
}

const BELL_UNIT = Math.sqrt(3) * 2 ** -32;

/** A bell-shaped draw with mean 0 and variance 1, within ±2 sqrt(3): four uniforms, each of variance 1/12. */
export function bell(random: Random): number {
  return (random.word() + random.word() - random.word() - random.word()) * BELL_UNIT;
}

/** The value at most `reach` places from the nearest to `value` on the grid, which must not overflow on the way. */
export function nudge(random: Random, value: number, reach: number, grid: Format = fp32): number {
  const { fromOrdinal, toOrdinal } = grid;
  return fromOrdinal(toOrdinal(grid.round(value)) + random.below(2 * reach + 1) - reach);
}

/** An FP32 value around which to build a row: 0, a small integer, an ordinary logit, or any magnitude in 2^-20..2^31. */
export function level(random: Random, grid: Format = fp32): number {
  switch (random.below(4)) {
    case 0:
      return 0;
    case 1:
      return random.below(21) - 10;
    case 2:
      return Math.fround(10 * bell(random));
    default:
      return eitherSign(random, magnitude(random, -20, 30, grid));
  }
}
