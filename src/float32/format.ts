/** FP32 values as text for people. */

/**
 * The shortest decimal that reads back as the same FP32 value: `formatFloat(Math.fround(0.1)) === '0.1'`.
 * Integers below 10^9 are written out, -0 keeps its sign, NaN and the infinities are named as in JavaScript.
 */
export function formatFloat(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) < 1e9)) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}

/** The values as a bracketed list of {@link formatFloat}: `[1000, 1, -1000]`. */
export function formatFloats(values: ArrayLike<number>): string {
  return `[${Array.from(values, formatFloat).join(', ')}]`;
}
