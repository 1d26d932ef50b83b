/** Error sizes and counts in words. */

/** An error in ULP to three digits: `0.52 ULP`, `1.4e+9 ULP`; `not a number` for NaN. */
export function formatUlp(ulps: number): string {
  if (Number.isNaN(ulps)) return 'not a number';
  return `${formatSize(ulps)} ULP`;
}

/** Three significant digits, without an exponent up to a million: `0.52`, `3730`, `1.4e+9`. */
export function formatSize(size: number): string {
  if (size === 0 || !Number.isFinite(size)) return String(size);
  if (size >= 1e6 || size < 1e-3) return size.toExponential(1);
  return String(Number(size.toPrecision(3)));
}

/** An integer with thin groups of three: `1,234,567`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** A duration: `850 ms`, `12.3 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
