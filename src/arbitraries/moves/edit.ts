/** Edits of a batch, each giving a new one, and what they start from. */
import type { Batch } from '../../core/batch.ts';
import type { Options } from '../../core/options.ts';
import { selectOptions } from '../../options/index.ts';

/** A batch of one row, with target 0, and perhaps options. */
export function rowBatch(
  values: readonly number[],
  upstream: readonly number[] | null = null,
  options?: Options,
): Batch {
  return {
    ...(options && { options }),
    rows: 1,
    cols: values.length,
    logits: Float32Array.from(values),
    targets: new Int32Array(1),
    upstream: upstream && Float32Array.from(upstream),
  };
}

/** The batch with every logit replaced by `change(value)`, rounded to FP32. */
export function mapCells(batch: Batch, change: (value: number) => number): Batch {
  return { ...batch, logits: batch.logits.map((value) => change(value)) };
}

/** The batch with every occurrence of `from` replaced; +0 and -0 are two values, NaN is one. */
export function replaceValue(batch: Batch, from: number, to: number): Batch {
  return mapCells(batch, (value) => (Object.is(value, from) ? to : value));
}

/** The batch with `value` in some cells, given as indices into the logits. */
export function setCells(batch: Batch, cells: Iterable<number>, value: number): Batch {
  const logits = batch.logits.slice();
  for (const cell of cells) logits[cell] = value;
  return { ...batch, logits };
}

/** The indices into the logits of the values for which `test` holds. */
export function cellsWhere({ logits }: Batch, test: (value: number) => boolean): Uint32Array {
  const cells = new Uint32Array(logits.length);
  let count = 0;
  for (let cell = 0; cell < logits.length; cell++) if (test(logits[cell])) cells[count++] = cell;
  return cells.subarray(0, count);
}

/** Whether there are at most `most` distinct values; it looks at no more than it has to. */
export function hasFewValues({ logits }: Batch, most: number): boolean {
  if (logits.length <= most) return true;
  const values = new Set<number>();
  for (let cell = 0; cell < logits.length; cell++) if (values.add(logits[cell]).size > most) return false;
  return true;
}

/** The distinct values other than +0, ascending; NaN last. */
export function distinctValues({ logits }: Batch): number[] {
  const values = new Set(logits); // A set holds both zeros as +0.
  values.delete(0);
  const minusZero = logits.some((value) => Object.is(value, -0)) ? [-0] : [];
  return Array.from(Float64Array.from([...minusZero, ...values]).sort());
}

/** The batch without the rows of [start, end); the batch itself when none would stay. */
export function withoutRows(batch: Batch, start: number, end: number): Batch {
  const rows = batch.rows - (end - start);
  if (rows === 0) return batch;
  const { cols } = batch;
  const keep = (values: Float32Array): Float32Array => {
    const kept = new Float32Array(rows * cols);
    kept.set(values.subarray(0, start * cols));
    kept.set(values.subarray(end * cols), start * cols);
    return kept;
  };
  const targets = new Int32Array(rows);
  targets.set(batch.targets.subarray(0, start));
  targets.set(batch.targets.subarray(end), start);
  return {
    rows,
    cols,
    logits: keep(batch.logits),
    targets,
    upstream: batch.upstream && keep(batch.upstream),
    ...optionsKept(batch, allBut(batch.rows, start, end), allBut(cols, 0, 0)),
  };
}

/** 0 to `length` - 1, without those of [start, end). */
function allBut(length: number, start: number, end: number): number[] {
  return Array.from({ length: length - (end - start) }, (_, k) => (k < start ? k : k + end - start));
}

/** The field of a batch's options, where it has some, of the rows and columns that are kept. */
export function optionsKept(
  batch: Batch,
  rows: readonly number[],
  cols: readonly number[],
): Pick<Batch, 'options'> {
  const options = batch.options && selectOptions(batch, { rows, cols });
  return options === undefined ? {} : { options };
}

/**
 * The batch without the columns of [start, end); the batch itself when none would stay. A target keeps its cell; if
 * that is gone, it becomes 0, and one that is ignored stays so.
 */
export function withoutColumns(batch: Batch, start: number, end: number): Batch {
  const removed = end - start;
  const cols = batch.cols - removed;
  if (cols === 0) return batch;
  const keep = (values: Float32Array): Float32Array => {
    const kept = new Float32Array(batch.rows * cols);
    for (let row = 0; row < batch.rows; row++) {
      const from = row * batch.cols;
      kept.set(values.subarray(from, from + start), row * cols);
      kept.set(values.subarray(from + end, from + batch.cols), row * cols + start);
    }
    return kept;
  };
  const kept = optionsKept(batch, allBut(batch.rows, 0, 0), allBut(batch.cols, start, end));
  const targets = batch.targets.map((target) => {
    if (target === batch.options?.ignoreIndex) return kept.options?.ignoreIndex ?? 0;
    if (target < start) return target;
    return target < end ? 0 : target - removed;
  });
  return {
    rows: batch.rows,
    cols,
    logits: keep(batch.logits),
    targets,
    upstream: batch.upstream && keep(batch.upstream),
    ...kept,
  };
}

/** Whether the columns of [start, end) hold in each row what those before them hold, and no target is among either. */
export function columnsRepeat(
  { rows, cols, logits, targets, upstream }: Batch,
  start: number,
  end: number,
): boolean {
  const size = end - start;
  if (start < size || targets.some((target) => start - size <= target && target < end)) return false;
  for (let row = 0; row < rows; row++) {
    for (let cell = row * cols + start; cell < row * cols + end; cell++) {
      if (!Object.is(logits[cell], logits[cell - size])) return false;
      if (upstream !== null && !Object.is(upstream[cell], upstream[cell - size])) return false;
    }
  }
  return true;
}
