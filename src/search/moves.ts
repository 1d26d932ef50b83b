/**
 * The moves of a climb: small changes of one row of a batch, drawn at random. None makes a NaN, a
 * +Infinity or a row of only -Infinity; none
 * keeps an upstream gradient, which no probability depends on.
 */
import { bell, eitherSign, level, magnitude, nudge } from '../arbitraries/draw.ts';
import { type Batch, rowOf } from '../core/batch.ts';
import type { Random } from '../core/random.ts';
import { MAX_FINITE } from '../float32/constants.ts';

/** What a move does: overwrite some logits of the row, of which `col` is the one that is looked at. */
type RowMove = (random: Random, row: Float32Array, col: number) => void;

const { NEGATIVE_INFINITY } = Number;

/** A logit moves by up to 2^k places, k up to 20. */
const nudgeCell: RowMove = (random, row, col) => {
  const i = chosen(random, row, col);
  row[i] = nudge(random, row[i], 2 ** random.below(21));
};

/** A logit goes to another gap below the maximum, of any size up to 104. */
const redrawCell: RowMove = (random, row, col) => {
  const gap = random.chance(0.5) ? 104 * random.unit() : magnitude(random, -10, 6);
  row[chosen(random, row, col)] = maximum(row) - gap;
};

/** A logit moves by a few units. */
const addToCell: RowMove = (random, row, col) => {
  row[chosen(random, row, col)] += bell(random) * magnitude(random, -6, 3);
};

const copyCell: RowMove = (random, row, col) => {
  const [from, to] = random.chance(0.5) ? [col, random.below(row.length)] : [random.below(row.length), col];
  row[to] = row[from];
};

const swapCells: RowMove = (random, row, col) => {
  const other = random.below(row.length);
  [row[col], row[other]] = [row[other], row[col]];
};

const tie: RowMove = (random, row, col) => {
  row[chosen(random, row, col)] = maximum(row);
};

/** A logit goes to a threshold of exp, or next to it, as a gap below the maximum. */
const toThreshold: RowMove = (random, row, col) => {
  row[chosen(random, row, col)] = maximum(row) - nudge(random, (1 + random.below(300)) * (Math.LN2 / 2), 3);
};

/** The whole row moves, to another level or by a little. */
const shiftRow: RowMove = (random, row) => {
  const by = random.chance(0.5)
    ? level(random) - maximum(row)
    : eitherSign(random, magnitude(random, -20, 4));
  for (let i = 0; i < row.length; i++) row[i] += by;
};

/** All gaps grow or shrink by the same factor. */
const scaleGaps: RowMove = (random, row) => {
  const top = maximum(row);
  const factor = 1 + eitherSign(random, magnitude(random, -20, -2));
  for (let i = 0; i < row.length; i++) row[i] = top - (top - row[i]) * factor;
};

const maskCell: RowMove = (random, row) => {
  row[random.below(row.length)] = NEGATIVE_INFINITY;
};

/** Each as often as it is there. */
const rowMoves: readonly RowMove[] = [
  nudgeCell,
  nudgeCell,
  nudgeCell,
  redrawCell,
  redrawCell,
  addToCell,
  copyCell,
  swapCells,
  tie,
  toThreshold,
  shiftRow,
  scaleGaps,
  maskCell,
];

/** How long moves make a row. */
const LONGEST = 128;

/**
 * Another batch next to `batch`: one to three moves away, most often in the row and around the column that are looked at.
 * Its shape differs only where `resizes`.
 */
export function neighbor(
  random: Random,
  batch: Batch,
  { row, col }: { readonly row: number; readonly col: number },
  resizes: boolean,
): Batch {
  if (resizes && random.chance(1 / 6)) {
    const resized = resize(random, batch);
    return hasSoundRows(resized) ? resized : batch;
  }
  const { rows, cols } = batch;
  const r = random.chance(0.75) ? row : random.below(rows);
  const logits = batch.logits.slice();
  const cells = logits.subarray(r * cols, (r + 1) * cols);
  const moves = 1 + random.below(3);
  for (let k = 0; k < moves; k++) random.pick(rowMoves)(random, cells, col);
  const targets = batch.targets.slice();
  if (random.chance(1 / 16)) targets[r] = random.below(cols);
  return isSound(cells) ? { rows, cols, logits, targets, upstream: null } : batch;
}

/** The batch with a column less, or with some columns again at its end. */
function resize(random: Random, batch: Batch): Batch {
  const { cols } = batch;
  if (cols > 1 && (cols >= LONGEST || random.chance(0.5))) {
    const without = random.below(cols);
    return withColumns(
      batch,
      Array.from({ length: cols - 1 }, (_, k) => (k < without ? k : k + 1)),
    );
  }
  const again = Math.min(LONGEST - cols, 1 + random.below(cols));
  const from = random.below(cols);
  return withColumns(
    batch,
    Array.from({ length: cols + again }, (_, k) => (k < cols ? k : (from + k) % cols)),
  );
}

/** The batch of these columns, one at least; a target that is not among them becomes the first. */
export function withColumns(batch: Batch, columns: readonly number[]): Batch {
  const { rows, logits } = batch;
  const cols = columns.length;
  return {
    rows,
    cols,
    logits: Float32Array.from(
      { length: rows * cols },
      (_, k) => logits[Math.floor(k / cols) * batch.cols + columns[k % cols]],
    ),
    targets: batch.targets.map((target) => Math.max(0, columns.indexOf(target))),
    upstream: null,
  };
}

/** The index of the row's first largest logit. */
export function peakOf(row: Float32Array): number {
  let peak = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[peak]) peak = i;
  return peak;
}

function maximum(row: Float32Array): number {
  return row[peakOf(row)];
}

/** The column that is looked at, or, as often, any. */
function chosen(random: Random, row: Float32Array, col: number): number {
  return random.chance(0.5) ? col : random.below(row.length);
}

function hasSoundRows(batch: Batch): boolean {
  return Array.from({ length: batch.rows }, (_, r) => rowOf(batch, r)).every(isSound);
}

/** Whether the row is one that families draw: finite or masked, not all masked. */
function isSound(row: Float32Array): boolean {
  return row.every((x) => x <= MAX_FINITE) && row.some((x) => x > NEGATIVE_INFINITY);
}
