/**
 * How far an answer is from a real number, by what a profile's budget is of: where the answer was rounded to its format last, the
 * distance of the real from all that rounds to it (formats/cell.ts), else from the answer itself. An infinity counts as what the next
 * binade would have, 2^128 in FP32.
 */
import { distanceToCell, endOfCell } from '../formats/cell.ts';
import { type Decimal, decimalOf, Wide } from '../row/decimal.ts';
import type { Profile } from '../row/profile.ts';

/** The distance in double precision: a difference is rounded, by 2^-53. */
export function distanceTo(x: number, got: number, profile: Profile): number {
  const { answer, isRoundedLast } = profile;
  if (!isRoundedLast) return Math.abs(withinFormat(got, profile) - x);
  if (got === 0 && isFlushed(profile)) return Math.max(0, Math.abs(x) - answer.minNormal);
  return distanceToCell(x, got, answer);
}

/** The distance of a Decimal, rounded once to double. */
export function exactDistanceTo(x: Decimal, got: number, profile: Profile): number {
  const { answer, isRoundedLast } = profile;
  if (!isRoundedLast) return errorOf(x, got, profile);
  const near = x.toNumber();
  if (got === 0 && isFlushed(profile)) return distanceTo(near, got, profile);
  const end = endOfCell(near, got, answer);
  return end === null ? 0 : Wide.sub(x, decimalOf(end)).abs().toNumber();
}

/** |answer - x|, rounded once to double. */
export function errorOf(x: Decimal, got: number, profile: Profile): number {
  return Wide.sub(x, decimalOf(withinFormat(got, profile)))
    .abs()
    .toNumber();
}

/** The number, or for an infinity what would follow the largest finite one. */
export function withinFormat(got: number, { answer }: Profile): number {
  return Math.abs(got) === Number.POSITIVE_INFINITY ? Math.sign(got) * answer.beyond : got;
}

function isFlushed({ floor, arithmetic }: Profile): boolean {
  return floor >= arithmetic.minNormal;
}
