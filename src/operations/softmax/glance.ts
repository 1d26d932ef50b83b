/** Which rows of softmax are right, without asking for each number. */

import { UNIT_ROUNDOFF } from '../../float32/constants.ts';
import type { Format } from '../../formats/format.ts';
import { fp32 } from '../../formats/index.ts';
import type { ApproximateRow } from '../../row/approximate-row.ts';
import { FARTHEST } from '../../row/row.ts';
import type { RowCosts } from '../../row/row-costs.ts';

/** What the comparison with a budget leaves open: see judge/screen.ts. */
const SLACK = 2 ** -30;

/**
 * Whether a glance proves a whole row of softmax right, with neither a call nor a division for each number: gamma(k) >= k u, so that budget less
 * error is at least p^ (d slope + base) + rest. Far and masked probabilities are within 1e-80 of 0.
 *
 * An answer that is rounded last is right where it is p^ rounded: p^ is in its cell then, and what p^ is off by, within the
 * budget where slope and base are no less than 0.
 */
export function glance(row: ApproximateRow, costs: RowCosts, answer: Float32Array): boolean {
  const { isRoundedLast, answer: format } = costs.profile;
  if (!(isRoundedLast || format === fp32) || costs.growth > 0) return false;
  const { gaps, probabilities } = row;
  const slope = costs.perGap * UNIT_ROUNDOFF * (1 - SLACK) - row.gapSlope;
  const base = costs.perTerm * UNIT_ROUNDOFF * (1 - SLACK) - row.relativeError;
  const rest = costs.floor * (1 - SLACK) - row.absoluteError;
  if (!(rest >= 1e-80)) return false;
  if (isRoundedLast) return slope >= 0 && base >= 0 && isRounded(row, answer, format);
  for (let i = 0; i < answer.length; i++) {
    const got = answer[i];
    const p = probabilities[i];
    const gap = gaps[i];
    if (gap > FARTHEST ? got === 0 : got >= 0 && Math.abs(got - p) <= p * (gap * slope + base) + rest)
      continue;
    return false;
  }
  return true;
}

/** Whether every number is the one of the format that is nearest to its probability. */
function isRounded(
  { gaps, probabilities }: ApproximateRow,
  answer: Float32Array,
  { round }: Format,
): boolean {
  for (let i = 0; i < answer.length; i++)
    if (answer[i] !== (gaps[i] > FARTHEST ? 0 : round(probabilities[i]))) return false;
  return true;
}
