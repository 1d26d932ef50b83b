/** What options have in common: values that are given for each logit or for each column, and how they are drawn and cut. */
import type { Random } from '../core/random.ts';

type Cells = Float32Array | Uint8Array;

/** Rows and columns of a batch, by their indices. */
export interface Selection {
  readonly rows: readonly number[];
  readonly cols: readonly number[];
}

/** What is left of values for each logit, or for each column, where a batch of `cols` columns keeps these rows and columns. */
export function selectedCells<A extends Cells>(values: A, kept: Selection, cols: number): A {
  const ArrayOf = values.constructor as new (length: number) => A;
  const width = kept.cols.length;
  const rows = values.length === cols ? [0] : kept.rows;
  const selected = new ArrayOf(rows.length * width);
  for (const [r, row] of rows.entries())
    for (let i = 0; i < width; i++) selected[r * width + i] = values[row * cols + kept.cols[i]];
  return selected;
}

/** What is left of values for each column. */
export function columnsOf(values: Float32Array, cols: readonly number[]): Float32Array {
  return Float32Array.from(cols, (col) => values[col]);
}

/** How many values to draw: one a column, or one a logit. */
export function drawLength(random: Random, rows: number, cols: number): number {
  return random.chance(0.5) ? cols : rows * cols;
}

/** One of the pairs for a row, or for the second of two rows below the first pair. */
export function tinyCells(rows: number, ...pairs: readonly (readonly [number, number])[]): number[][] {
  return pairs.map((pair) => (rows === 1 ? [...pair] : [...pairs[0], ...pair]));
}

/** The values with one cell changed, for some cells: the last ones, and all where they are few. */
export function* withOneCell<A extends Cells>(values: A, change: (value: number) => number): Generator<A> {
  const MOST = 64;
  for (let k = values.length - 1; k >= Math.max(0, values.length - MOST); k--) {
    const changed = change(values[k]);
    if (Object.is(changed, values[k])) continue;
    const copy = values.slice() as A;
    copy[k] = changed;
    yield copy;
  }
}

/** The magnitude of a finite number; -Infinity as it is. */
export function magnitude(value: number): number {
  return Number.isFinite(value) ? Math.abs(value) : value;
}

/** So many cells are swapped with each other. */
const FEW_CELLS = 12;

/** The values with two cells swapped, for each pair of different ones where they are few: of arrangements one is the simplest. */
export function* withTwoSwapped<A extends Cells>(values: A): Generator<A> {
  if (values.length > FEW_CELLS) return;
  for (let j = 0; j < values.length; j++)
    for (let k = j + 1; k < values.length; k++) {
      if (Object.is(values[j], values[k])) continue;
      const copy = values.slice() as A;
      copy[j] = values[k];
      copy[k] = values[j];
      yield copy;
    }
}

/** Simpler weights: all 2, all 0 or 1, whole ones; one cell 1, 0, 2 or whole; then two swapped. */
export function* simplerWeights(weights: Float32Array): Generator<Float32Array> {
  yield new Float32Array(weights.length).fill(2);
  yield weights.map(Math.sign);
  yield weights.map(Math.round);
  for (const simple of [1, 0, 2]) yield* withOneCell(weights, () => simple);
  yield* withOneCell(weights, Math.round);
  yield* withTwoSwapped(weights);
}
