/**
 * A loss with options in double precision.
 *
 * With v = 2^-53 and C classes, a row is off by (gapSlope + (C + 10) v) of itself and Q (logSumError + gapError), as in
 * logSoftmax; x lse^2 by (2 |lse| + f) f x + 5 v of itself, f the bound of lse; N rows by (N + 4) v more.
 */
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../../../float32/constants.ts';
import type { LossTerms } from '../../../options/loss/terms.ts';
import type { ApproximateRow } from '../../../row/approximate-row.ts';
import { isSpecial } from '../../../row/row.ts';
import { approximate as ofLogSumExp } from '../../log-sum-exp/approximate.ts';
import { noInputs } from '../../operation.ts';
import { constantOf, rowsOf } from './outcome.ts';
import { lossBy } from './row-loss.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** See {@link LossSpec}. */
export function approximate(
  terms: LossTerms,
  rows: readonly ApproximateRow[],
  k: number,
): { readonly value: number; readonly error: number } {
  const { zLoss, divisor, zDivisor } = terms;
  const losses = rowsOf(terms, k).map((r) =>
    isSpecial(rows[r].kind) ? 0 : lossBy(terms.rows[r].coefficients, rows[r]),
  );
  const constant = constantOf(
    terms,
    (r) => rows[r].kind,
    (r, j) => rows[r].gaps[j] === Number.POSITIVE_INFINITY,
    (r) => losses[terms.reduction === 'none' ? 0 : r] > 0,
    k,
  );
  if (constant !== null) return { value: constant, error: 0 };
  let [sum, ofSum, squares, ofSquares] = [0, 0, 0, 0];
  for (const [at, r] of rowsOf(terms, k).entries()) {
    const { isNothing, total, ofSquare, coefficients } = terms.rows[r];
    if (isNothing) continue;
    const row = rows[r];
    sum += losses[at];
    if (losses[at] > 0)
      ofSum +=
        losses[at] * (row.gapSlope + (coefficients.length + 10) * v) +
        total * (row.logSumError + row.gapError);
    if (zLoss === 0) continue;
    const square = ofSquare * row.logSumExp * row.logSumExp;
    const ofLse = ofLogSumExp.error(row, 0, row.logSumExp, noInputs);
    squares += square;
    ofSquares += ofSquare * (2 * Math.abs(row.logSumExp) + ofLse) * ofLse + 5 * v * square;
  }
  const value = sum / divisor + (squares === 0 ? 0 : squares / zDivisor);
  const error = ofSum / divisor + (ofSquares === 0 ? 0 : ofSquares / zDivisor);
  return { value, error: (1 + 2 ** -20) * (error + (rows.length + 4) * v * value) };
}
