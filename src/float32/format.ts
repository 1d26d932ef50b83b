/** FP32 values as text for people. */

/** From here on all integers have an exponent. */
const LARGE = 1e9;

/**
 * `value` rounded to the fewest decimal digits that `round`, to FP32 unless given, makes it of again: `formatFloat(Math.fround(0.1)) === '0.1'`.
 * Integers below 10^9 are written out, -0 keeps its sign, NaN and the infinities are named as in JavaScript.
 */
export function formatFloat(value: number, round: (x: number) => number = Math.fround): string {
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) < LARGE)) return String(value);
  const rounded = roundedDecimal(value, round);
  return Math.abs(value) < LARGE ? String(rounded) : rounded.toExponential();
}

/** `value` rounded to the fewest digits that give it back; nine are always enough. */
function roundedDecimal(value: number, round: (x: number) => number): number {
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (round(shorter) === value) return shorter;
  }
  return Number(value.toPrecision(9));
}

/** The values as a bracketed list of {@link formatFloat}: `[1000, 1, -1000]`. */
export function formatFloats(values: ArrayLike<number>): string {
  return `[${Array.from(values, (value) => formatFloat(value)).join(', ')}]`;
}
