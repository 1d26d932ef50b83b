/** A batch: the input of every operation. */
import type { FormatName } from '../formats/index.ts';
import { UserError } from '../text/errors.ts';
import type { Layout } from './layout.ts';
import type { Options } from './options.ts';
import type { Semantics } from './semantics.ts';

/** Row-major FP32 logits with one target class a row. Treated as immutable. */
export interface Batch {
  /** At least 1. */
  readonly rows: number;
  /** Classes, at least 1. */
  readonly cols: number;
  /** rows*cols values, row after row. */
  readonly logits: Float32Array;
  /** `rows` class indices, each in [0, cols), or the `ignoreIndex` of the options. */
  readonly targets: Int32Array;
  /** rows*cols finite values, what a vector-Jacobian product is given; null where no operation needs them. */
  readonly upstream: Float32Array | null;
  /** The format whose numbers the logits and upstream values are: FP32 where left out. */
  readonly format?: FormatName;
  /** What the call is given beside its arrays; left out where that is nothing. */
  readonly options?: Options;
  /** How a loss with options is meant where libraries differ: PyTorch's where left out. */
  readonly semantics?: Semantics;
  /** How the arrays of a call lie; in contiguous rows where left out, as all other batches are. */
  readonly layout?: Layout;
}

/** What is read or declared may have so many logits, where nothing else is said: 64 MB of FP32. */
export const MOST_LOGITS = 2 ** 24;

/**
 * A checked batch. Without `targets`, every row's target is class 0; without `upstream`, it has none. A target may be `ignoreIndex`.
 * @throws UserError when a dimension is not a positive integer, a length does not fit, a target is out of range or a
 * value of `upstream` is not finite in FP32.
 */
export function createBatch(
  rows: number,
  cols: number,
  logits: ArrayLike<number>,
  targets?: ArrayLike<number>,
  upstream: ArrayLike<number> | null = null,
  ignoreIndex?: number,
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
    if (target !== ignoreIndex && (!Number.isInteger(target) || target < 0 || target >= cols)) {
      throw new UserError(
        `the target of row ${row} is ${target}: expected a class index from 0 to ${cols - 1}`,
      );
    }
  }
  return {
    rows,
    cols,
    logits: Float32Array.from(logits),
    targets: Int32Array.from(classes),
    upstream: upstream === null ? null : checkedUpstream(upstream, rows * cols),
  };
}

function checkedUpstream(upstream: ArrayLike<number>, length: number): Float32Array {
  if (upstream.length !== length)
    throw new UserError(`${upstream.length} upstream values for ${length} logits: expected one a logit`);
  const values = Float32Array.from(upstream);
  const k = values.findIndex((value) => !Number.isFinite(value));
  if (k !== -1) throw new UserError(`upstream value ${k} is ${values[k]}: expected a finite FP32 value`);
  return values;
}

function checkSize(name: string, size: number): void {
  if (!Number.isInteger(size) || size < 1)
    throw new UserError(`${name} is ${size}: expected an integer of at least 1`);
}

/**
 * A batch of one row per element of `rows`. See {@link createBatch}.
 * @throws UserError when the rows are of different lengths, and where createBatch does.
 */
export function batchOf(
  rows: readonly (readonly number[])[],
  targets?: readonly number[],
  upstream?: readonly number[],
  ignoreIndex?: number,
): Batch {
  const cols = rows[0]?.length ?? 0;
  const uneven = rows.findIndex((row) => row.length !== cols);
  if (uneven !== -1)
    throw new UserError(`row ${uneven} has ${rows[uneven].length} logits, row 0 has ${cols}`);
  return createBatch(rows.length, cols, rows.flat(), targets, upstream, ignoreIndex);
}

/** Row `row` of the logits, sharing their memory: of a single row the logits themselves, as a view is slow to make. */
export function rowOf(batch: Batch, row: number): Float32Array {
  return rowOfValues(batch.logits, batch, row);
}

/**
 * What vector-Jacobian products are given: `upstream`, and without one 1 for every value, which makes them the gradient
 * of the sum of the answer.
 */
export function upstreamOf({ upstream, logits }: Batch): Float32Array {
  return upstream ?? new Float32Array(logits.length).fill(1);
}

/** The batch, or where it has upstream values that are of no use, without them. */
export function withUpstreamIf(isUsed: boolean, batch: Batch): Batch {
  return isUsed || batch.upstream === null ? batch : { ...batch, upstream: null };
}

/** Row `row` of `values`, one for each logit of the batch, sharing their memory. */
export function rowOfValues(values: Float32Array, { rows, cols }: Batch, row: number): Float32Array {
  return rows === 1 ? values : values.subarray(row * cols, (row + 1) * cols);
}

/** Whether no logit is NaN or +Infinity: each is finite, or -Infinity, a masked class. */
export function isNumeric({ logits }: Batch): boolean {
  for (let k = 0; k < logits.length; k++) if (!(logits[k] < Number.POSITIVE_INFINITY)) return false;
  return true;
}

/** Whether every logit is finite. */
export function hasFiniteLogits({ logits }: Batch): boolean {
  for (let k = 0; k < logits.length; k++) if (!Number.isFinite(logits[k])) return false;
  return true;
}
