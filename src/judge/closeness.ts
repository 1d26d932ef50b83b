/**
 * How close the probabilities of an answer come to what is forbidden, in double precision: what a search goes by. It
 * proves nothing, and no verdict depends on it.
 */
import type { Batch } from '../core/batch.ts';
import { type ProbabilityOperation, shareOf, usesTargets } from '../core/operation.ts';
import { inputsOf, rowSpecOf } from '../operations/index.ts';
import type { ApproximateRow } from '../row/approximate-row.ts';
import type { Profile } from '../row/profile.ts';
import { FARTHEST } from '../row/row.ts';
import { costsOf } from './budget.ts';
import { distanceTo } from './distance.ts';

/** A logit whose probability is off by itself. */
export interface Outlier {
  readonly row: number;
  readonly col: number;
  /** Its error over what an exp and a division of the profile may cost. */
  readonly excess: number;
}

/**
 * The logit whose probability, over the exact one, differs most from that of the row's maximum: what it differs by owes
 * nothing to the sum, which they share. Null where none exceeds `atLeast` times what an exp and a division may cost.
 */
export function outlierOf(
  operation: ProbabilityOperation,
  { cols, targets }: Batch,
  rows: readonly ApproximateRow[],
  output: Float32Array,
  { exp, subtraction, division, floor, unit, stored, answer, isRoundedLast }: Profile,
  atLeast: number,
): Outlier | null {
  const share = shareOf(operation, rows.length);
  const perGap = (exp.perGap + subtraction + stored) * unit;
  const storing = isRoundedLast ? 2 * answer.unitRoundoff : 0;
  const constant = (exp.constant + division + stored) * unit + storing;
  const least = floor + (isRoundedLast ? answer.minSubnormal : 0);
  let outlier: Outlier | null = null;
  let most = atLeast;
  for (let r = 0; r < rows.length; r++) {
    const { gaps, probabilities } = rows[r];
    const except = usesTargets(operation) ? targets[r] : -1;
    const from = r * cols;
    const peak = peakBut(gaps, cols, except);
    if (peak === -1) continue;
    const common = output[from + peak] / probabilities[peak];
    for (let i = 0; i < cols; i++) {
      const gap = gaps[i];
      if (!(gap > 0 && gap <= FARTHEST) || i === except) continue;
      const p = probabilities[i];
      const distance = Math.abs(output[from + i] - p * common);
      const allowed = p * share * (constant + gap * perGap) + least;
      if (!(distance > most * allowed)) continue;
      most = distance / allowed;
      outlier = { row: r, col: i, excess: most };
    }
  }
  return outlier;
}

/** The first logit without a gap, column `except` left out; -1 where there is none, as in special rows, which have no gaps. */
function peakBut(gaps: Float64Array, cols: number, except: number): number {
  for (let i = 0; i < cols; i++) if (gaps[i] === 0 && i !== except) return i;
  return -1;
}

/** The largest error of an answer over its budget, and where to look for its cause. */
export interface Closeness {
  readonly budgetUse: number;
  readonly row: number;
  /** Of the {@link Outlier} where there is one. */
  readonly col: number;
}

/** The closeness of `output`, which must have the operation's length and be right. */
export function closenessOf(
  operation: ProbabilityOperation,
  batch: Batch,
  rows: readonly ApproximateRow[],
  output: Float32Array,
  profile: Profile,
): Closeness {
  const { approximate, budget } = rowSpecOf(operation, batch);
  let closest: Closeness = { budgetUse: 0, row: 0, col: 0 };
  for (const [r, costs] of costsOf(batch, rows, profile).entries()) {
    if (costs === null) continue;
    const allowed = budget(costs);
    for (let i = 0; i < batch.cols; i++) {
      const k = r * batch.cols + i;
      const inputs = inputsOf(operation, batch, r, null);
      const distance = distanceTo(approximate.value(rows[r], i, inputs), output[k], profile);
      const budgetUse = distance / allowed(i, inputs);
      if (budgetUse > closest.budgetUse) closest = { budgetUse, row: r, col: i };
    }
  }
  const outlier = outlierOf(operation, batch, rows, output, profile, 0);
  return outlier === null ? closest : { ...closest, row: outlier.row, col: outlier.col };
}
