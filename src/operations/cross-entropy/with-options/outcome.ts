/** Where a loss with options is no number of the reals: NaN, infinite, or of nothing. */
import type { LossTerms, RowTerms } from '../../../options/loss/terms.ts';
import { isSpecial, type RowAnalysis, type RowKind } from '../../../row/row.ts';

/** The rows of number `k`: all, or where there is a loss for each that one. */
export function rowsOf({ reduction, rows }: LossTerms, k: number): readonly number[] {
  return reduction === 'none' ? [k] : Array.from(rows.keys());
}

/** What the loss is where it is no number of the reals, and null where it is; `isPositive` tells whether a row's loss is above 0. */
export function constantOf(
  terms: LossTerms,
  kindOf: (r: number) => RowKind,
  isMasked: (r: number, j: number) => boolean,
  isPositive: (r: number) => boolean,
  k: number,
): number | null {
  const { divisor, semantics } = terms;
  const outcomes = rowsOf(terms, k).map((r) => outcomeOf(terms, r, kindOf(r), (j) => isMasked(r, j)));
  if (outcomes.includes('nan')) return Number.NaN;
  if (outcomes.includes('infinite')) return Number.POSITIVE_INFINITY;
  if (divisor > 0) return null;
  // The targets' own part is 0 / 0, whatever there is of all classes.
  if (semantics.empty === 'nan') return Number.NaN;
  return rowsOf(terms, k).some((r) => !terms.rows[r].isNothing && isPositive(r))
    ? Number.POSITIVE_INFINITY
    : 0;
}

/** Whether a row's loss is a number, or NaN as 0 times infinity is, or infinite; where `isTogether`, all that a class has is added before it is multiplied. */
export function outcomeOf(
  { rows, semantics }: LossTerms,
  r: number,
  kind: RowKind,
  isMasked: (j: number) => boolean,
  isTogether = semantics.zeroTimesInfinity === 'zero',
): 'number' | 'nan' | 'infinite' {
  const { isIgnored, isNothing, coefficients, isMultipliedBy0, ownPart0 } = rows[r];
  if (isIgnored) return 'number';
  if (isSpecial(kind)) return isNothing && semantics.zeroTimesInfinity === 'zero' ? 'number' : 'nan';
  if (kind === 'finite') return 'number';
  if (!isTogether && ownPart0 !== null && isMasked(ownPart0)) return 'nan';
  let outcome: 'number' | 'infinite' = 'number';
  for (let j = 0; j < coefficients.length; j++) {
    if (!isMasked(j)) continue;
    if (isMultipliedBy0(j)) return 'nan';
    if (coefficients[j] > 0) outcome = 'infinite';
  }
  return outcome;
}

/** Whether something infinite or NaN is multiplied by 0 in the row. */
export function isMultiplied(
  { isIgnored, isNothing, isMultipliedBy0, coefficients }: RowTerms,
  row: RowAnalysis,
): boolean {
  if (isIgnored) return false;
  if (isSpecial(row.kind)) return isNothing;
  return coefficients.some((_, j) => row.gaps[j] === Number.POSITIVE_INFINITY && isMultipliedBy0(j));
}
