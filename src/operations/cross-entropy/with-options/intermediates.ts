/** What may be beyond FP32 on the way to a loss with options. */
import type { LossTerms } from '../../../options/loss/terms.ts';
import { isSpecial, type RowAnalysis } from '../../../row/row.ts';
import type { Intermediates } from '../../operation.ts';
import { rowsOf } from './outcome.ts';
import { lossBy } from './row-loss.ts';

/** See {@link LossSpec}. */
export function intermediates(terms: LossTerms, rows: readonly RowAnalysis[], k: number): Intermediates {
  const { zLoss } = terms;
  let [named, most] = [0, 0];
  for (const r of rowsOf(terms, k)) {
    const row = terms.rows[r];
    // What is multiplied by 0 is computed all the same.
    if (row.isIgnored || isSpecial(rows[r].kind)) continue;
    const { gaps, logSum, logSumExp } = rows[r];
    named = Math.max(
      named,
      lossBy(row.coefficients, rows[r]),
      lossBy(row.unweighted, rows[r]),
      zLoss === 0 ? 0 : Math.max(1, zLoss, row.ofSquare) * logSumExp * logSumExp,
    );
    for (let j = 0; j < row.coefficients.length; j++) {
      const isFree = row.coefficients[j] === 0;
      if (gaps[j] === Number.POSITIVE_INFINITY || (isFree && !row.isMultipliedBy0(j))) continue;
      named = Math.max(named, gaps[j] + logSum);
      most += Math.max(row.mostWeight, row.coefficients[j]) * (gaps[j] + logSum);
    }
    if (zLoss > 0) most += Math.max(1, row.ofSquare) * logSumExp * logSumExp;
  }
  return { named, most: Math.max(named, most) };
}
