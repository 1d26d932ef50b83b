/** Error sizes and counts in words. */

/** Three significant digits, without an exponent up to a million: `0.52`, `3730`, `1.4e+9`, `1e-7`. */
export function formatSize(size: number): string {
  if (size === 0 || !Number.isFinite(size)) return String(size);
  const rounded = Number(size.toPrecision(3));
  return rounded >= 1e6 || rounded < 1e-3 ? size.toExponential(1).replace('.0e', 'e') : String(rounded);
}

/** A power of two: `2⁻¹⁸`. */
export function formatPower(power: number): string {
  const digits = String(Math.log2(power)).replace(
    /./g,
    (digit) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(digit)],
  );
  return `2${digits}`;
}

/** An integer in groups of three: `1,234,567`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** A duration: `850 ms`, `12.3 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  const tenths = Math.round(ms / 100);
  if (tenths < 10) return `${Math.round(ms)} ms`;
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `1 batch`, `21 batches`. */
export function formatNumberOf(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
