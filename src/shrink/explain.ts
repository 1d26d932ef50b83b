/**
 * Which cells of a failing batch may be anything: each is given a fixed set of other values, alone. A cell that has to be
 * there and may hold what it likes says that a fault is of the shape; one that may not carries it.
 */
import type { Batch } from '../core/batch.ts';
import type { Explanation } from '../core/finding.ts';
import { gridOf, toGrid } from '../core/grid.ts';
import { type Operation, usesTargets } from '../core/operation.ts';
import { createRandom } from '../core/random.ts';
import { fromBits } from '../float32/bits.ts';
import { EXP_OVERFLOW, EXP_UNDERFLOW, MAX_FINITE } from '../float32/constants.ts';
import type { Format } from '../formats/format.ts';
import { fp32 } from '../formats/index.ts';

/** How many other values a cell is given, how many other classes a target at most, and how many draws all of them together. */
const TRIED = 16;

/** Larger batches are not explained: each cell that may be anything takes {@link TRIED} evaluations. */
const MOST_CELLS = 64;

/** Two more than are tried, for the one that a cell holds itself and the infinity. First those that most failures do not survive. */
const values: readonly number[] = [
  0,
  MAX_FINITE,
  Number.NEGATIVE_INFINITY,
  -MAX_FINITE,
  EXP_OVERFLOW,
  EXP_UNDERFLOW,
  1,
  -1,
  -EXP_OVERFLOW,
  ...drawnValues(),
];

/** What cells of a grid are given: its numbers nearest to {@link values}. */
function triedOn(grid: Format): readonly number[] {
  return grid === fp32 ? values : [...new Set(values.map((value) => toGrid(value, grid)))];
}

/** Four within the thresholds of exp, five of any magnitude up to 2^127. */
function drawnValues(): number[] {
  const random = createRandom([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x2545f491]);
  return Array.from({ length: 9 }, (_, k) =>
    k < 4 ? Math.fround(200 * random.unit() - 100) : fromBits(random.word() & 0xbfffffff),
  );
}

/**
 * Which logits, upstream values, and targets where the operation reads them, may be anything while `fails` still holds; null for a
 * batch of too many cells. `fails` must hold for the batch, and should mean "fails in the same way".
 */
export async function explain(
  operation: Operation,
  batch: Batch,
  fails: (batch: Batch) => boolean | Promise<boolean>,
): Promise<Explanation | null> {
  if (batch.logits.length > MOST_CELLS) return null;
  const failsWithAll = async (variants: readonly Batch[]): Promise<boolean> => {
    for (const variant of variants) if (!(await fails(variant))) return false;
    return true;
  };
  const values = triedOn(gridOf(batch));
  const finite = values.filter(Number.isFinite); // A gradient is.
  const classes = Math.min(TRIED, batch.cols - 1);
  const logits: number[] = [];
  for (const cell of batch.logits.keys()) {
    const variants = valuesBeside(batch.logits[cell], values).map((value) => withLogit(batch, cell, value));
    if (await failsWithAll(variants)) logits.push(cell);
  }
  const targets: number[] = [];
  const isRead = usesTargets(operation) && classes > 0 && batch.options?.probabilities === undefined;
  for (const row of isRead ? batch.targets.keys() : []) {
    if (batch.targets[row] === batch.options?.ignoreIndex) continue;
    const variants = Array.from({ length: classes }, (_, k) => withTarget(batch, row, k + 1));
    if (await failsWithAll(variants)) targets.push(row);
  }
  const upstream: number[] = [];
  for (const [cell, own] of batch.upstream?.entries() ?? []) {
    const variants = valuesBeside(own, finite).map((value) => withUpstream(batch, cell, value));
    if (await failsWithAll(variants)) upstream.push(cell);
  }
  const free = { logits, targets, upstream };
  const several = logits.length + targets.length + upstream.length > 1;
  const together = several ? await failsWithAll(drawn(batch, free, values)) : null;
  return { values: TRIED, classes, ...free, together };
}

function valuesBeside(value: number, among: readonly number[]): number[] {
  return among.filter((each) => !Object.is(each, value)).slice(0, TRIED);
}

function withLogit(batch: Batch, cell: number, value: number): Batch {
  return { ...batch, logits: batch.logits.with(cell, value) };
}

function withUpstream(batch: Batch, cell: number, value: number): Batch {
  return { ...batch, upstream: batch.upstream?.with(cell, value) ?? null };
}

/** The batch with the class of a row's target moved on by `distance`, round and round. */
function withTarget(batch: Batch, row: number, distance: number): Batch {
  const target = (batch.targets[row] + distance) % batch.cols;
  return { ...batch, targets: batch.targets.with(row, target) };
}

/** Batches in which all of these cells hold other values, drawn in the same way each time. */
function drawn(
  batch: Batch,
  free: Pick<Explanation, 'logits' | 'targets' | 'upstream'>,
  values: readonly number[],
): Batch[] {
  const finite = values.filter(Number.isFinite);
  const random = createRandom([0x7f4a7c15, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f]);
  return Array.from({ length: TRIED }, () => {
    const logits = batch.logits.slice();
    const targets = batch.targets.slice();
    const upstream = batch.upstream?.slice() ?? null;
    for (const cell of free.logits) logits[cell] = random.pick(valuesBeside(batch.logits[cell], values));
    for (const row of free.targets) targets[row] = random.below(batch.cols);
    for (const cell of free.upstream) upstream?.set([random.pick(finite)], cell);
    return { ...batch, logits, targets, upstream };
  });
}
