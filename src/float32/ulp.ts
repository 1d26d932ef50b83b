/** The unit in the last place of FP32, as a function of a real number. */
import { fromBits, toBits } from './bits.ts';
import { MIN_NORMAL, MIN_SUBNORMAL } from './constants.ts';

/**
 * The spacing of FP32 at the magnitude of the real `x`: 2^(max(floor(log2 |x|), -126) - 23), and at most
 * 2^104, the spacing below overflow. `ulp(0)` is 2^-149; NaN gives NaN.
 *
 * The definition is JAX's (its docs/accuracy.md): the exponent is that of the exact value, not of the answer.
 */
export function ulp(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < MIN_NORMAL) return MIN_SUBNORMAL;
  if (magnitude < LAST_BINADE) return powerBelow(magnitude) * 2 ** -23;
  return Number.isNaN(magnitude) ? Number.NaN : LAST_BINADE * 2 ** -23;
}

/** From here on the spacing is the same. */
const LAST_BINADE = 2 ** 127;

/** The word of an FP32 value without its fraction. */
const EXPONENT = 0x7f800000;

/** The greatest power of two that is at most `x`, a positive real of the normal range. Rounded to FP32, `x` may be in the next binade. */
function powerBelow(x: number): number {
  const power = fromBits(toBits(x) & EXPONENT);
  return power > x ? power / 2 : power;
}
