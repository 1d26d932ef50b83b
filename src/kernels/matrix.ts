/** Steps over a whole row-major matrix. Reductions go from left to right, which is what PyTorch's CPU bits show. */
import type { Arithmetic } from './arithmetic.ts';

/** e^x of each value. */
export function exponentials({ exp }: Arithmetic, values: Float32Array): Float32Array {
  const exps = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) exps[i] = exp(values[i]);
  return exps;
}

/** The sum of each row, from 0 and left to right: `rows` values. */
export function sumRows({ add }: Arithmetic, values: Float32Array, rows: number): Float32Array {
  const cols = values.length / rows;
  const sums = new Float32Array(rows);
  for (let row = 0, i = 0; row < rows; row++) {
    let sum = 0;
    for (const end = i + cols; i < end; i++) sum = add(sum, values[i]);
    sums[row] = sum;
  }
  return sums;
}

/** Each value divided by the divisor of its row. */
export function divideRows({ div }: Arithmetic, values: Float32Array, divisors: Float32Array): Float32Array {
  const cols = values.length / divisors.length;
  const quotients = new Float32Array(values.length);
  for (let row = 0, i = 0; row < divisors.length; row++) {
    for (const end = i + cols; i < end; i++) quotients[i] = div(values[i], divisors[row]);
  }
  return quotients;
}

/** The dot product of each row of `a` with that of `b`, from 0 and left to right: `rows` values. */
export function dotRows(
  { add, mul }: Arithmetic,
  a: Float32Array,
  b: Float32Array,
  rows: number,
): Float32Array {
  const cols = a.length / rows;
  const dots = new Float32Array(rows);
  for (let row = 0, i = 0; row < rows; row++) {
    let dot = 0;
    for (const end = i + cols; i < end; i++) dot = add(dot, mul(a[i], b[i]));
    dots[row] = dot;
  }
  return dots;
}

/** The sum of the values, from 0 and left to right, divided by their number. */
export function mean(arithmetic: Arithmetic, values: Float32Array): number {
  return arithmetic.div(sumRows(arithmetic, values, 1)[0], values.length);
}

/**
 * Where the maximum of each row is, as an index into `values`: the first one of equals, and the first NaN of a row
 * that has one, like torch.max over a dimension.
 */
export function argmaxRows(values: Float32Array, rows: number): Int32Array {
  const cols = values.length / rows;
  const argmaxes = new Int32Array(rows);
  for (let row = 0, i = 0; row < rows; row++) {
    let argmax = i;
    for (const end = i + cols; i < end; i++) {
      const above = !(values[i] <= values[argmax]); // NaN is above every number, and no number above it
      if (above && !Number.isNaN(values[argmax])) argmax = i;
    }
    argmaxes[row] = argmax;
  }
  return argmaxes;
}
