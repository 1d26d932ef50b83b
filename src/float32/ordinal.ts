/**
 * FP32 values as consecutive integers: -0 and +0 are 0 and 0, the smallest subnormals are -1 and 1, the
 * infinities are the ends. Neighboring floats have neighboring ordinals, so a bisection over ordinals
 * finds a boundary between floats.
 */
import { fromBits, toBits } from './bits.ts';

const SIGN = 0x80000000;

/** The ordinal of an FP32 value; both zeros give 0. NaN has none and gives NaN. */
export function toOrdinal(value: number): number {
  if (Number.isNaN(value)) return Number.NaN;
  const bits = toBits(value);
  return bits >= SIGN ? 0 - (bits - SIGN) : bits;
}

/** The FP32 value with this ordinal, the inverse of {@link toOrdinal} (0 gives +0, NaN gives NaN). */
export function fromOrdinal(ordinal: number): number {
  if (Number.isNaN(ordinal)) return Number.NaN;
  return ordinal < 0 ? fromBits(SIGN - ordinal) : fromBits(ordinal);
}

/** The least FP32 value above `value`; +Infinity and NaN stay. */
export function nextUp(value: number): number {
  return value === Number.POSITIVE_INFINITY ? value : fromOrdinal(toOrdinal(value) + 1);
}

/** The greatest FP32 value below `value`; -Infinity and NaN stay. */
export function nextDown(value: number): number {
  return value === Number.NEGATIVE_INFINITY ? value : fromOrdinal(toOrdinal(value) - 1);
}
