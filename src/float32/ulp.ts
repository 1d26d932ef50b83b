/** The unit in the last place of FP32, as a function of a real number. */
import { MIN_SUBNORMAL } from './constants.ts';

/**
 * The spacing of FP32 at the magnitude of the real `x`: 2^(max(floor(log2 |x|), -126) - 23), and at most
 * 2^104, the spacing below overflow. `ulp(0)` is 2^-149; NaN gives NaN.
 *
 * The definition is JAX's (docs/accuracy.md): the exponent is that of the exact value, not of the answer.
 */
export function ulp(x: number): number {
  const magnitude = Math.abs(x);
  if (Number.isNaN(magnitude)) return Number.NaN;
  if (magnitude >= 2 ** 127) return 2 ** 104;
  if (magnitude < 2 ** -126) return MIN_SUBNORMAL;
  return 2 ** (exponent(magnitude) - 23);
}

/** floor(log2 x) for a positive normal double; Math.log2 is off at the powers of two. */
function exponent(x: number): number {
  const guess = Math.floor(Math.log2(x));
  if (2 ** guess > x) return guess - 1;
  return 2 ** (guess + 1) <= x ? guess + 1 : guess;
}
