/** A batch's rows in double precision, computed once and shared by every operation and target. */
import { type Batch, rowOf } from '../core/batch.ts';
import { type ApproximateRow, approximateRow } from './float64.ts';

/** The rows of `batch`. Their arrays are views of two blocks of rows*cols doubles. */
export function approximateRows(batch: Batch): readonly ApproximateRow[] {
  const { rows, cols } = batch;
  const gaps = new Float64Array(rows * cols);
  const probabilities = new Float64Array(rows * cols);
  const approximate: ApproximateRow[] = [];
  for (let r = 0; r < rows; r++) {
    const from = r * cols;
    const to = from + cols;
    approximate.push(
      approximateRow(rowOf(batch, r), gaps.subarray(from, to), probabilities.subarray(from, to)),
    );
  }
  return approximate;
}
