/**
 * Products of what a row has by what was before it, dz / dx (view.ts), rounded to FP32: what gradients end in.
 *
 * A product that far weights alone may tip off a boundary is a rational number, but for an error that they make: see
 * vector-jacobian.ts, which says why rationals are rounded without another.
 */
import { type Decimal, Wide } from './decimal.ts';
import type { ExactRow } from './exact-row.ts';
import { roundToFloat32, roundWithin } from './round.ts';
import type { Evaluation, Settled } from './ziv.ts';

/** The smallest boundary: closer to 0, everything rounds to 0. */
const SMALLEST_BOUNDARY = new Wide(2).pow(-150);

/** Nearer to a boundary than any rational that is not on it. */
const HAIR = new Wide('1e-300');

/** Attempts with more and more digits. `farError` bounds what replaced weights may change in S, relative. */
export function settled(
  { current, refine }: Evaluation,
  attempt: (row: ExactRow, farError: Decimal) => Settled | undefined,
): Settled {
  for (;;) {
    const row = current();
    const answer = attempt(row, Wide.mul(row.farWeight, row.far.length));
    if (answer !== undefined) return answer;
    refine();
  }
}

/**
 * `product` times the slope before the row, over `denominator`, settled; undefined where that asks for more digits. A rational is given by both,
 * as it may be on a boundary only with the slope: 5/12 of 3/4. `error` is that of their quotient, `tip` the sign by which far weights tip it off a
 * boundary.
 */
export function through(
  row: ExactRow,
  i: number,
  product: Decimal,
  error: Decimal,
  tip?: () => number,
  denominator: number | Decimal = 1,
): Settled | undefined {
  const slope = row.slopeAt?.(i);
  const multiplied = slope === undefined ? product : Wide.mul(product, slope);
  const value = denominator === 1 ? multiplied : Wide.div(multiplied, denominator);
  const scaled = slope === undefined ? error : Wide.mul(error, slope).abs();
  const isExact = row.hasExactSlopes;
  const settled = rounded(value, isExact ? scaled : scaled.plus(value.abs().times(row.relativeError)));
  if (settled !== undefined || tip === undefined || !row.gapError.isZero()) return settled;
  return onBoundary(value, () => (slope?.isNegative() ? -tip() : tip()));
}

/** The rounding of all of [value - error, value + error]; undefined where that is not one. */
function rounded(value: Decimal, error: Decimal): Settled | undefined {
  if (value.abs().plus(error).lt(SMALLEST_BOUNDARY)) return { value, rounded: 0 };
  const answer = roundWithin(value, error);
  return answer === undefined ? undefined : { value, rounded: answer + 0 };
}

/** The rounding of a rational that is on a boundary, and tipped off it; undefined where it is on none. */
function onBoundary(value: Decimal, tip: () => number): Settled | undefined {
  const [below, above] = [Wide.sub(value, HAIR), Wide.add(value, HAIR)].map(roundToFloat32);
  if (below === above) return undefined;
  const side = tip() < 0 ? Wide.sub(value, HAIR) : Wide.add(value, HAIR);
  return { value: side, rounded: roundToFloat32(side) + 0 };
}
