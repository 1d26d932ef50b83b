/**
 * What in a row may set off a failure, read from the logits alone, so that it is the same for every kernel.
 * A trigger is part of a finding's bucket and keeps shrinking from slipping into another bug: [-104] makes a
 * kernel without max subtraction divide 0 by 0, and must not become [89], which makes it divide infinities.
 */
import { EXP_OVERFLOW, EXP_SUBNORMAL, EXP_UNDERFLOW, MAX_FINITE } from '../float32/constants.ts';

/** How far from 0 a row's largest logit is an offset: further than where e^x leaves FP32 on either side. */
export const FAR_OFFSET = 128;

/** No row is long enough for its sum to overflow with a smaller maximum: 2^128 is over 10^12 times e^60. */
const SUM_OVERFLOW = 60;

/** Triggers, the most particular first: a row has the first that fits. */
export const triggers = [
  'nan',
  'positive-infinity',
  'all-masked',
  'high-offset',
  'low-offset',
  'exp-overflow',
  'sum-overflow',
  'exp-underflow',
  'masked',
  'underflow',
  'ordinary',
] as const;

/**
 * One of {@link triggers}. `high-offset`, `low-offset`: the largest logit is {@link FAR_OFFSET} or more above or below 0, so that
 * whatever grows with the logits themselves may fail. With e^x rounded to FP32 and no max subtracted: `exp-overflow` some e^x is infinite; `sum-overflow` only
 * their sum is; `exp-underflow` all are 0. `masked`: some logits are -Infinity; `underflow`: some e^x or some probability is
 * subnormal or 0; `ordinary`: none of these.
 */
export type Trigger = (typeof triggers)[number];

/** The trigger of one row of logits. */
export function triggerOf(row: Float32Array): Trigger {
  if (!isOffset(row) || row.some(Number.isNaN)) return triggerNearZero(row);
  return maximum(row) > 0 ? 'high-offset' : 'low-offset';
}

/** {@link triggerOf} but for offsets: what e^x without max subtraction comes to, however far the logits are from 0. */
export function triggerNearZero(row: Float32Array): Trigger {
  let min = Number.POSITIVE_INFINITY;
  let masked = false;
  for (const x of row) {
    if (Number.isNaN(x)) return 'nan';
    if (x === Number.NEGATIVE_INFINITY) masked = true;
    else if (x < min) min = x;
  }
  const max = maximum(row);
  if (max === Number.POSITIVE_INFINITY) return 'positive-infinity';
  if (max === Number.NEGATIVE_INFINITY) return 'all-masked';
  if (max >= EXP_OVERFLOW) return 'exp-overflow';
  if (max > SUM_OVERFLOW && sumOverflows(row)) return 'sum-overflow';
  if (max <= EXP_UNDERFLOW) return 'exp-underflow';
  if (masked) return 'masked';
  return min <= EXP_SUBNORMAL || isProbabilitySubnormal(row, min, max) ? 'underflow' : 'ordinary';
}

/** Whether the row's largest logit is finite and an offset. */
export function isOffset(row: Float32Array): boolean {
  const max = maximum(row);
  return Number.isFinite(max) && Math.abs(max) >= FAR_OFFSET;
}

/** The trigger of a batch as a whole, for its mean loss: the most particular of its rows. */
export function mostParticular(rows: readonly Trigger[]): Trigger {
  return triggers.find((trigger) => rows.includes(trigger)) ?? 'ordinary';
}

const offsets: readonly Trigger[] = ['high-offset', 'low-offset'];

/** Plain triggers, the plainest last. Offsets are the least plain, and all others between. */
const plainness: readonly Trigger[] = ['masked', 'underflow', 'ordinary'];

/** Whether a failure that happens with trigger `a` too owes nothing to trigger `b`. */
export function isPlainer(a: Trigger, b: Trigger): boolean {
  return rank(a) > rank(b);
}

function rank(trigger: Trigger): number {
  return offsets.includes(trigger) ? -2 : plainness.indexOf(trigger);
}

/** NaN is left aside. */
function maximum(row: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const x of row) if (x > max) max = x;
  return max;
}

function sumOverflows(row: Float32Array): boolean {
  return sumOfExps(row, 0) > MAX_FINITE;
}

/** Whether the smallest probability, e^(min - lse), is subnormal or 0, where max <= lse <= max + ln n. */
function isProbabilitySubnormal(row: Float32Array, min: number, max: number): boolean {
  if (min - max <= EXP_SUBNORMAL) return true;
  if (min - max - Math.log(row.length) > EXP_SUBNORMAL) return false;
  return min - max - Math.log(sumOfExps(row, max)) <= EXP_SUBNORMAL;
}

function sumOfExps(row: Float32Array, max: number): number {
  let sum = 0;
  for (const x of row) sum += Math.exp(x - max);
  return sum;
}
