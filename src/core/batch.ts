/** A batch: the input of every operation. */
import { UserError } from './errors.ts';

/** Row-major FP32 logits with one target class a row. Treated as immutable. */
export interface Batch {
  /** At least 1. */
  readonly rows: number;
  /** Classes, at least 1. */
  readonly cols: number;
  /** rows*cols values, row after row. */
  readonly logits: Float32Array;
  /** `rows` class indices, each in [0, cols). */
  readonly targets: Int32Array;
}

/**
 * A checked batch. Without `targets`, every row's target is class 0.
 * @throws UserError when a dimension is not a positive integer, a length does not fit or a target is out of range.
 */
export function createBatch(
  rows: number,
  cols: number,
  logits: ArrayLike<number>,
  targets?: ArrayLike<number>,
): Batch {
  checkSize('rows', rows);
  checkSize('cols', cols);
  if (logits.length !== rows * cols) {
    throw new UserError(`${logits.length} logits do not fill ${rows} x ${cols}: expected ${rows * cols}`);
  }
  const classes = targets ?? new Int32Array(rows);
  if (classes.length !== rows)
    throw new UserError(`${classes.length} targets for ${rows} rows: expected one a row`);
  for (let row = 0; row < rows; row++) {
    const target = classes[row];
    if (!Number.isInteger(target) || target < 0 || target >= cols) {
      throw new UserError(
        `the target of row ${row} is ${target}: expected a class index from 0 to ${cols - 1}`,
      );
    }
  }
  return { rows, cols, logits: Float32Array.from(logits), targets: Int32Array.from(classes) };
}

function checkSize(name: string, size: number): void {
  if (!Number.isInteger(size) || size < 1)
    throw new UserError(`${name} is ${size}: expected an integer of at least 1`);
}

/**
 * A batch of one row per element of `rows`. See {@link createBatch}.
 * @throws UserError when the rows are of different lengths, and where createBatch does.
 */
export function batchOf(rows: readonly (readonly number[])[], targets?: readonly number[]): Batch {
  const cols = rows[0]?.length ?? 0;
  const uneven = rows.findIndex((row) => row.length !== cols);
  if (uneven !== -1)
    throw new UserError(`row ${uneven} has ${rows[uneven].length} logits, row 0 has ${cols}`);
  return createBatch(rows.length, cols, rows.flat(), targets);
}

/** Row `row` of the logits, sharing their memory: of a single row the logits themselves, as a view is slow to make. */
export function rowOf(batch: Batch, row: number): Float32Array {
  if (batch.rows === 1) return batch.logits;
  return batch.logits.subarray(row * batch.cols, (row + 1) * batch.cols);
}
