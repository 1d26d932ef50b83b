/** Reductions over the rows of a row-major matrix, in the order of PyTorch on the CPU: from left to right. */
import type { Arithmetic } from './arithmetic.ts';

/** The sum of each row, from 0 and left to right: `rows` values. */
export function sumRows({ add }: Arithmetic, values: Float32Array, rows: number, cols: number): Float32Array {
  const sums = new Float32Array(rows);
  for (let row = 0, i = 0; row < rows; row++) {
    let sum = 0;
    for (const end = i + cols; i < end; i++) sum = add(sum, values[i]);
    sums[row] = sum;
  }
  return sums;
}

/** The sum of the values, from 0 and left to right, divided by their number. */
export function mean(arithmetic: Arithmetic, values: Float32Array): number {
  return arithmetic.div(sumRows(arithmetic, values, 1, values.length)[0], values.length);
}

/**
 * Where the maximum of each row is, as an index into `values`: at its first occurrence, and at the first
 * NaN of a row that has one, as torch.max answers.
 */
export function argmaxRows(values: Float32Array, rows: number, cols: number): Int32Array {
  const indices = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * cols;
    let best = row * cols;
    for (let i = best + 1; i < end && !Number.isNaN(values[best]); i++) {
      if (!(values[i] <= values[best])) best = i;
    }
    indices[row] = best;
  }
  return indices;
}
