/** Higham's gamma, and products with bounds of which nothing may be promised. */
import { UNIT_ROUNDOFF } from '../float32/constants.ts';

/** k u / (1 - k u), or Infinity once k u reaches 1 and nothing is promised; `unit` is u. */
export function gamma(k: number, unit: number = UNIT_ROUNDOFF): number {
  const ku = k * unit;
  return ku < 1 ? ku / (1 - ku) : Number.POSITIVE_INFINITY;
}

/** `x` times a bound, which is Infinity where nothing is promised: of nothing that is nothing too, and not NaN. */
export function timesBound(x: number, bound: number): number {
  return x === 0 ? 0 : x * bound;
}
