/** A row's loss in double precision. */
import type { RowAnalysis } from '../../../row/row.ts';

/** sum_j q_j (d_j + L) in double precision: Infinity where a class that counts is masked. */
export function lossBy(coefficients: Float64Array, { gaps, logSum }: RowAnalysis): number {
  let sum = 0;
  for (let j = 0; j < coefficients.length; j++)
    if (coefficients[j] > 0) sum += coefficients[j] * (gaps[j] + logSum);
  return sum;
}
