/**
 * Real numbers, as Decimals, rounded to FP32: to nearest, ties to even, with gradual underflow.
 *
 * A boundary is a midpoint of two neighboring FP32 values, where 2^128 stands for infinity: the rounding is
 * constant between boundaries. Let y be the double that JavaScript reads from the decimal string of v. Up to
 * 20 digits y is correctly rounded; for longer strings ECMAScript allows an error in the 20th digit on top,
 * so |y - v| <= 2^-52 |y| either way (y below 2^-1022 is far below the smallest boundary, 2^-150). Boundaries
 * have 25 bits, so doubles hold them. If the boundary next to y is further than 2^-50 |y|, then v is on the
 * same side of it as y and fround(y) is the answer; otherwise Decimals compare v with the boundary exactly.
 */
import { nextDown, nextUp } from '../float32/ordinal.ts';
import type { Format } from '../formats/format.ts';
import { fp32 } from '../formats/index.ts';
import { type Decimal, decimalOf, Wide, ZERO } from './decimal.ts';

/**
 * The FP32 value nearest to `value`, ties to even. NaN and the infinities stay; magnitudes from
 * (2 - 2^-24) * 2^127 on go to infinity. An exact zero gives +0, whatever its sign; a negative value that
 * underflows gives -0.
 */
export function roundToFloat32(value: Decimal): number {
  return roundWithin(value, ZERO) as number;
}

/**
 * The FP32 value to which every real in [value - error, value + error] rounds; undefined when that is not
 * certain: when a boundary lies in the interval, or when `error` exceeds 2^-30 of the value. `error` is a
 * true bound, 0 when `value` is exact; then the answer is always certain.
 */
export function roundWithin(value: Decimal, error: Decimal): number | undefined {
  if (value.isZero()) return error.isZero() ? 0 : undefined;
  const approximation = Number(value.toString());
  if (!Number.isFinite(approximation)) return Math.fround(approximation);
  // Every other boundary is at least 2^-25 |value| away, so in a narrower interval there is at most this one.
  const slack = 2 * Number(error.toString());
  if (slack > 2 ** -30 * Math.abs(approximation)) return undefined;
  const boundary = boundaryNextTo(approximation);
  const hair = 2 ** -50 * Math.abs(approximation);
  if (Math.abs(approximation - boundary) > slack + hair) return Math.fround(approximation);
  const above = Wide.sub(value, decimalOf(boundary));
  if (!error.isZero() && above.abs().lte(error)) return undefined;
  return Math.fround(boundary + above.cmp(0) * hair);
}

/**
 * The number of a narrower format nearest to a real that is `rounded` in FP32; `value` is the real to 10^-20 relative, and so tells on
 * which side of `rounded` it is. Midpoints of the format are FP32 values, so that this side alone decides; of a real nearer
 * to one than 10^-20 it may be the other neighbor, which no verdict depends on: the distance to either's cell is no more than that.
 */
export function roundToFormat(value: Decimal, rounded: number, format: Format): number {
  if (format === fp32 || rounded === 0 || !Number.isFinite(rounded)) return rounded;
  const side = value.abs().cmp(decimalOf(Math.abs(rounded)));
  return format.round(rounded * (1 + side * HAIR));
}

/** Less than half the spacing of FP32, relative. */
const HAIR = 2 ** -40;

/** Whether every real that is `rounded` in FP32 rounds to the same number of the narrower `format`: it is no midpoint there. */
export function isDecidedBy(rounded: number, format: Format): boolean {
  return Object.is(format.round(rounded * (1 + HAIR)), format.round(rounded * (1 - HAIR)));
}

/** The boundary between the FP32 value nearest to `x` and its neighbor on the side of `x`. */
function boundaryNextTo(x: number): number {
  const nearest = Math.fround(x);
  const neighbor = x < nearest ? nextDown(nearest) : nextUp(nearest);
  return (finite(nearest) + finite(neighbor)) / 2;
}

/** Infinity as 2^128, the value that would follow the largest float. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : Math.sign(value) * 2 ** 128;
}
