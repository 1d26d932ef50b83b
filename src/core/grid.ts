/** The grid of a batch: its numbers are FP32 values, of a narrower format some of them. */
import type { Format } from '../formats/format.ts';
import { type FormatName, formats } from '../formats/index.ts';
import type { Batch } from './batch.ts';

/** The format whose numbers the logits and upstream values of the batch are. */
export function gridOf({ format = 'fp32' }: Batch): Format {
  return formats[format];
}

/** The batch with each logit and upstream value rounded to `format`; finite ones stay finite. */
export function inFormat(batch: Batch, format: FormatName = 'fp32'): Batch {
  if ((batch.format ?? 'fp32') === format) return batch;
  const { format: _, ...plain } = batch;
  if (format === 'fp32') return plain;
  const grid = formats[format];
  const upstream = batch.upstream && onGrid(batch.upstream, grid);
  return { ...plain, logits: onGrid(batch.logits, grid), upstream, format };
}

/** What was made of `batch`, on its grid, the numbers nearest to those that were made, and meant as it is. */
export function onGridOf(batch: Batch, made: Batch): Batch {
  const { format, semantics } = batch;
  const meant = semantics === undefined ? made : { ...made, semantics };
  return format === undefined ? meant : inFormat({ ...meant, format: 'fp32' }, format);
}

/** Whether all logits and upstream values of the batch are numbers of `format`. */
export function isInFormat({ logits, upstream }: Batch, format: FormatName): boolean {
  const grid = formats[format];
  const isOf = (value: number): boolean => Object.is(grid.round(value), value);
  return logits.every(isOf) && (upstream?.every(isOf) ?? true);
}

/** The numbers of the grid nearest to `values`, the largest for what is beyond it and finite; `values` itself where all are. */
export function onGrid(values: Float32Array, grid: Format): Float32Array {
  let rounded: Float32Array | undefined;
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    const nearest = toGrid(value, grid);
    if (nearest === value || Number.isNaN(value)) continue;
    rounded ??= values.slice();
    rounded[k] = nearest;
  }
  return rounded ?? values;
}

/** The number of the grid nearest to `value`, the largest for what is beyond it and finite. */
export function toGrid(value: number, grid: Format): number {
  const rounded = grid.round(value);
  return Number.isFinite(rounded) || !Number.isFinite(value) ? rounded : Math.sign(value) * grid.maxFinite;
}
