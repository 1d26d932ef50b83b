/** Where a row's numbers lie among a call's arrays: one behind the other, unless the call says otherwise. */
import type { Batch } from './batch.ts';
import type { Operation } from './operation.ts';
import { isOfRows, isScalar, type Options } from './options.ts';

/** The layouts that a target may take: rows one behind the other, the middle of three dimensions, and rows with gaps. */
export const layoutNames = ['rows', 'inner', 'rowStride'] as const;

/** One of {@link layoutNames}. */
export type LayoutName = (typeof layoutNames)[number];

/** The layouts of all operations of a target, or of each by itself. */
export type Layouts = readonly LayoutName[] | Readonly<Partial<Record<Operation, readonly LayoutName[]>>>;

/** The layouts in which `operation` is asked. */
export function layoutsOf(layouts: Layouts | undefined, operation: Operation): readonly LayoutName[] {
  return (isOfAll(layouts) ? layouts : layouts[operation]) ?? [];
}

/** Whether any operation is asked in another layout than rows. */
export function hasLayout(layouts: Layouts | undefined): boolean {
  const all = isOfAll(layouts) ? (layouts ?? []) : Object.values(layouts).flat();
  return all.some((layout) => layout !== 'rows');
}

function isOfAll(layouts: Layouts | undefined): layouts is readonly LayoutName[] | undefined {
  return layouts === undefined || Array.isArray(layouts);
}

/**
 * How logits lie that are not contiguous rows. `outer` x cols x `inner`, softmax along the middle: row o inner + i, column j is
 * number (o cols + j) inner + i; upstream values, answers of a number a logit and options of that shape lie alike. `rowStride`: each row of
 * the logits begins so many numbers after the one before.
 */
export type Layout = { readonly outer: number; readonly inner: number } | { readonly rowStride: number };

/** Parts what a function of the contract is given behind its sizes into options and a layout. */
export function optionsAndLayout(
  given: (Options & Partial<Spread>) | undefined,
): Pick<Batch, 'options' | 'layout'> {
  if (given === undefined) return {};
  const { outer, inner, rowStride, ...options } = given;
  const layout = rowStride === undefined ? { outer, inner } : { rowStride };
  return {
    ...(Object.keys(options).length > 0 && { options }),
    ...((inner ?? rowStride) !== undefined && { layout: layout as Layout }),
  };
}

interface Spread {
  readonly outer: number;
  readonly inner: number;
  readonly rowStride: number;
}

/** The batch with its arrays in a layout; what is between rows holds `between`. */
export function laidOut(batch: Batch, layout: Layout, between: number): Batch {
  if ('rowStride' in layout) {
    const { rowStride } = layout;
    const logits = new Float32Array(batch.rows * rowStride).fill(between);
    for (let r = 0; r < batch.rows; r++)
      logits.set(batch.logits.subarray(r * batch.cols, (r + 1) * batch.cols), r * rowStride);
    return { ...batch, logits, layout };
  }
  const length = batch.logits.length;
  const moved = <A extends Float32Array | Uint8Array>(values: A): A =>
    permuted(values, batch.cols, layout.inner);
  const options = Object.entries(batch.options ?? {}).map(([name, value]) => [
    name,
    isScalar(value) || value.length !== length || isOfRows(name) ? value : moved(value),
  ]);
  return {
    ...batch,
    logits: moved(batch.logits),
    upstream: batch.upstream && moved(batch.upstream),
    ...(options.length > 0 && { options: Object.fromEntries(options) }),
    layout,
  };
}

/** An answer of a number a logit, in rows again. */
export function inRows<A extends Float32Array | Uint8Array>(answer: A, cols: number, layout: Layout): A {
  if (!('inner' in layout)) return answer;
  const { inner } = layout;
  const rows = answer.slice() as A;
  for (let k = 0; k < answer.length; k++) rows[k] = answer[placeOf(k, cols, inner)];
  return rows;
}

function permuted<A extends Float32Array | Uint8Array>(values: A, cols: number, inner: number): A {
  const moved = values.slice() as A;
  for (let k = 0; k < values.length; k++) moved[placeOf(k, cols, inner)] = values[k];
  return moved;
}

/** Where number `k` of contiguous rows of `cols` lies in a layout of this `inner`. */
export function placeOf(k: number, cols: number, inner: number): number {
  const row = Math.floor(k / cols);
  const outer = Math.floor(row / inner);
  return (outer * cols + (k % cols)) * inner + (row % inner);
}
