/** Rows with gaps in the memory of C: gaps of the logits hold what the call has there, those of other arrays NaN, and all stay as they are. */
import type { Batch } from '../../core/batch.ts';
import { CallFailure } from '../call-failure.ts';
import { poison } from '../poison.ts';
import type { Binding, BoundParameter } from './binding.ts';

type Numbers = Float32Array | Uint16Array;

/** How many numbers the answer's rows are farther apart than those of the logits, where each has a stride of its own. */
const FARTHER = 3;

/** The distance between the beginnings of rows of an array, in numbers; `cols` where there are no gaps. */
export function rowStrideOf(
  { role }: Pick<BoundParameter, 'role'>,
  { parameters, isByRow }: Binding,
  { cols, layout }: Batch,
): number {
  if (layout === undefined || !('rowStride' in layout) || isByRow) return cols;
  const { rowStride } = layout;
  const has = (wanted: string): boolean => parameters.some((each) => each.role === wanted);
  if (role === 'logits') return has('stride') || has('logitsStride') ? rowStride : cols;
  if (role === 'upstream') return has('stride') ? rowStride : cols;
  if (role === 'out' && has('outStride')) return rowStride + FARTHER;
  return role === 'out' && has('stride') ? rowStride : cols;
}

/** The number that a parameter of a layout is given. */
export function numberOfLayout(
  { role }: Pick<BoundParameter, 'role'>,
  binding: Binding,
  batch: Batch,
): number {
  const { layout, rows } = batch;
  const { outer, inner } = layout !== undefined && 'inner' in layout ? layout : { outer: rows, inner: 1 };
  if (role === 'rows') return outer;
  if (role === 'inner' || binding.isByRow) return inner;
  const array = role === 'outStride' ? 'out' : 'logits';
  return rowStrideOf({ role: array }, binding, batch);
}

/** The rows of `numbers`, `from` numbers apart, `to` numbers apart; what is then between them is NaN of FP32, or of either 16-bit format. */
export function movedApart<N extends Numbers>(numbers: N, cols: number, from: number, to: number): N {
  if (from === to) return numbers;
  const rows = numbers.length / from;
  const moved = new (numbers.constructor as new (length: number) => N)(rows * to);
  moved.fill(numbers instanceof Float32Array ? Number.NaN : 0x7fff);
  for (let r = 0; r < rows; r++) moved.set(numbers.subarray(r * from, r * from + cols), r * to);
  return moved;
}

/** Room for an answer with gaps, as it is before the call. */
export function roomOf(bytes: number): Uint32Array {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  poison(words);
  return words;
}

/**
 * The rows of what was written, without what is between them.
 * @throws CallFailure where that is not as it was `before`.
 */
export function withoutGaps<N extends Numbers>(
  written: N,
  before: N,
  { rows, cols }: Batch,
  stride: number,
  name: string,
): N {
  const bits = (numbers: N): Uint32Array | Uint16Array =>
    numbers instanceof Float32Array
      ? new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length)
      : numbers;
  const [now, then] = [bits(written), bits(before)];
  for (let r = 0; r < rows; r++)
    for (let k = r * stride + cols; k < (r + 1) * stride; k++)
      if (now[k] !== then[k])
        throw new CallFailure('mutated-input', `it wrote to ${name}[${k}], which is behind row ${r}`);
  return movedApart(written.subarray(0, rows * stride) as N, cols, stride, cols);
}
