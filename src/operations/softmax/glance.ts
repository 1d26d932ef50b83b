/** Which rows of softmax are right, without asking for each number. */

import { UNIT_ROUNDOFF } from '../../float32/constants.ts';
import { fp32 } from '../../formats/index.ts';
import { FARTHEST } from '../../row/row.ts';
import type { RowSpec } from '../operation.ts';

/** What the comparison with a budget leaves open: see judge/screen.ts. */
const SLACK = 2 ** -30;

/**
 * Whether a glance proves a whole row of softmax right, with neither a call nor a division for each number: gamma(k) >= k u, so that budget less
 * error is at least p^ (d slope + base) + rest. Far and masked probabilities are within 1e-80 of 0.
 */
export const glance: RowSpec['glance'] = (row, answer, { answer: format }, costsOf) => {
  if (format !== fp32) return false;
  const costs = costsOf();
  if (costs.growth > 0) return false;
  const { gaps, probabilities } = row;
  const slope = costs.perGap * UNIT_ROUNDOFF * (1 - SLACK) - row.gapSlope;
  const base = costs.perTerm * UNIT_ROUNDOFF * (1 - SLACK) - row.relativeError;
  const rest = costs.floor * (1 - SLACK) - row.absoluteError;
  if (!(rest >= 1e-80)) return false;
  for (let i = 0; i < answer.length; i++) {
    const got = answer[i];
    const p = probabilities[i];
    const gap = gaps[i];
    if (gap > FARTHEST ? got === 0 : got >= 0 && Math.abs(got - p) <= p * (gap * slope + base) + rest)
      continue;
    return false;
  }
  return true;
};
