/**
 * The cell of an answer: the reals that round to it.
 *
 * A kernel that computes in FP32 and stores its answer in a narrower format is right iff the cell of what it stored meets
 * [exact - T, exact + T], T the budget before that rounding. Rounding is monotone, so this is exact: there is a real within T
 * of the exact value that rounds to the answer iff it does.
 *
 *     y > 0   [y - ulp/2, y + ulp/2], below a power of two above the smallest normal ulp/4; the upper end of the largest is
 *             where overflow begins
 *     0       [-m/2, m/2], m the smallest subnormal
 *     inf     from where overflow begins on
 *
 * All ends are exact in double precision.
 */
import type { Format } from './format.ts';

/** How far the real `x` is from the cell of `y`, a number of the grid; 0 within it. In double precision: one rounding. */
export function distanceToCell(x: number, y: number, format: Format): number {
  if (y === 0) return Math.max(0, Math.abs(x) - format.minSubnormal / 2);
  const magnitude = Math.abs(y);
  if (magnitude < Number.POSITIVE_INFINITY && Math.abs(x - y) <= innerRadius(magnitude, format)) return 0;
  const side = y < 0 ? -x : x;
  // Only the end on the side of x may be short of it.
  return Math.max(
    0,
    side < magnitude ? lowerEnd(magnitude, format) - side : side - upperEnd(magnitude, format),
  );
}

/**
 * Whether all reals within `error` of `x` round to `y`, a finite number of the grid, in double precision. What is added to `error` is for the roundings here.
 * NaN is within nothing.
 */
export function isNearest(x: number, error: number, y: number, format: Format): boolean {
  const magnitude = Math.abs(y);
  if (!(magnitude < Number.POSITIVE_INFINITY)) return false;
  if (Math.abs(x - y) + error <= innerRadius(magnitude, format) * (1 - 2 ** -50)) return true;
  const { round } = format;
  const spread = error * (1 + 2 ** -50) + Math.abs(x) * 2 ** -51;
  return round(x - spread) === y && round(x + spread) === y;
}

/** The end of the cell of `y` that the real `x` is beyond; null within it. */
export function endOfCell(x: number, y: number, format: Format): number | null {
  if (!(distanceToCell(x, y, format) > 0)) return null;
  if (y === 0) return (Math.sign(x) * format.minSubnormal) / 2;
  const side = y < 0 ? -1 : 1;
  const low = lowerEnd(Math.abs(y), format);
  return side * (side * x < low ? low : upperEnd(Math.abs(y), format));
}

/**
 * What is as near as that to a finite number is in its cell: with 2^e <= |y| < 2^(e+1), |y| u / 2 is less than 2^(e-p), half a spacing, and at 2^e the quarter of one
 * that its lower end is away.
 */
function innerRadius(magnitude: number, { unitRoundoff }: Format): number {
  return (magnitude * unitRoundoff) / 2;
}

function lowerEnd(magnitude: number, { ulp, minNormal, overflow, unitRoundoff }: Format): number {
  if (magnitude === Number.POSITIVE_INFINITY) return overflow;
  const spacing = ulp(magnitude);
  const isLowest = magnitude > minNormal && 2 * unitRoundoff * magnitude === spacing;
  return magnitude - (isLowest ? spacing / 4 : spacing / 2);
}

function upperEnd(magnitude: number, { ulp }: Format): number {
  return magnitude === Number.POSITIVE_INFINITY ? magnitude : magnitude + ulp(magnitude) / 2;
}
