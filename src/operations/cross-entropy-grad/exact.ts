/**
 * p_j / N, at the target -(sum of the others) / N, exactly; times dz_j / dx_j.
 *
 * Times a slope it may be a boundary: -3/4 s of four equal logits. It is rational where all gaps are 0 but for far ones: with k of them, 1 / kN of one of these, at the target
 * (1 - k) / kN; 0 of a far one. Far weights lower each probability of gap 0, and raise what they have. A far target's is -1 / N and its own weight.
 */
import { type Decimal, Wide } from '../../row/decimal.ts';
import type { ExactRow } from '../../row/exact-row.ts';
import { settled, through } from '../../row/through.ts';
import type { Settled } from '../../row/ziv.ts';
import { enclosed, relative } from '../enclose.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const exact: RowSpec['exact'] = ({ evaluation }, i, { target, rows }) => {
  const isTarget = i === target;
  const entryOf = (row: ExactRow): Decimal =>
    (isTarget ? row.othersOf(i).neg() : row.terms[i].probability).div(rows);
  if (evaluation.current().slopeAt === null)
    return enclosed(evaluation, (row) => relative(row, entryOf(row)));
  const { value, rounded }: Settled = settled(evaluation, (row, farError) => {
    if (isTarget && row.terms[i].gap.gt(row.largestGap))
      return through(row, i, new Wide(-1), row.farWeight, () => 1, rows);
    if (row.levels === null) {
      const entry = entryOf(row);
      return through(row, i, entry, entry.abs().times(row.relativeError));
    }
    const isFar = !row.terms[i].gap.isZero();
    const k = row.levels.length;
    const numerator = (isFar ? 0 : 1) - (isTarget ? k : 0);
    const tip = (): number => (row.far.length === 0 ? 0 : isFar ? 1 : -1);
    return through(row, i, new Wide(numerator), isFar ? row.farWeight : farError, tip, k * rows);
  });
  const row = evaluation.current();
  const isBelow0 = (): boolean => Wide.mul(entryOf(row), row.slopeAt?.(i) ?? 1).lt(0);
  return { value, rounded: rounded === 0 && isBelow0() ? -0 : rounded };
};
