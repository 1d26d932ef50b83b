/**
 * What in a row may set off a failure, read from the logits alone, so that it is the same for every kernel.
 * A trigger is part of a finding's bucket and keeps shrinking from slipping into another bug: [-104] makes a
 * kernel without max subtraction divide 0 by 0, and must not become [89], which makes it divide infinities.
 */
import { EXP_OVERFLOW, EXP_SUBNORMAL, EXP_UNDERFLOW, MAX_FINITE } from '../float32/constants.ts';

/** No row is long enough for its sum to overflow with a smaller maximum: 2^128 is over 10^12 times e^60. */
const SUM_OVERFLOW = 60;

/** Triggers, the most particular first: a row has the first that fits. */
export const triggers = [
  'nan',
  'positive-infinity',
  'all-masked',
  'exp-overflow',
  'sum-overflow',
  'exp-underflow',
  'masked',
  'underflow',
  'ordinary',
] as const;

/**
 * One of {@link triggers}. With e^x rounded to FP32 and no max subtracted: `exp-overflow` some e^x is infinite;
 * `sum-overflow` only their sum is; `exp-underflow` all are 0. `masked`: some logits are -Infinity; `underflow`:
 * some e^x or some probability is subnormal or 0; `ordinary`: none of these.
 */
export type Trigger = (typeof triggers)[number];

/** The trigger of one row of logits. */
export function triggerOf(row: Float32Array): Trigger {
  let max = Number.NEGATIVE_INFINITY;
  let min = Number.POSITIVE_INFINITY;
  let masked = false;
  for (const x of row) {
    if (Number.isNaN(x)) return 'nan';
    if (x > max) max = x;
    if (x === Number.NEGATIVE_INFINITY) masked = true;
    else if (x < min) min = x;
  }
  if (max === Number.POSITIVE_INFINITY) return 'positive-infinity';
  if (max === Number.NEGATIVE_INFINITY) return 'all-masked';
  if (max >= EXP_OVERFLOW) return 'exp-overflow';
  if (max > SUM_OVERFLOW && sumOverflows(row)) return 'sum-overflow';
  if (max <= EXP_UNDERFLOW) return 'exp-underflow';
  if (masked) return 'masked';
  return Math.min(min, min - max) <= EXP_SUBNORMAL ? 'underflow' : 'ordinary';
}

/** The trigger of a batch as a whole, for its mean loss: the most particular of its rows. */
export function mostParticular(rows: readonly Trigger[]): Trigger {
  return triggers.find((trigger) => rows.includes(trigger)) ?? 'ordinary';
}

const plainness: readonly Trigger[] = ['masked', 'underflow', 'ordinary'];

/** Whether a failure that happens with trigger `a` too owes nothing to trigger `b`. */
export function isPlainer(a: Trigger, b: Trigger): boolean {
  return plainness.indexOf(a) > plainness.indexOf(b);
}

function sumOverflows(row: Float32Array): boolean {
  let sum = 0;
  for (const x of row) sum += Math.exp(x);
  return sum > MAX_FINITE;
}
