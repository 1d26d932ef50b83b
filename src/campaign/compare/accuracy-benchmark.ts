/**
 * How accurate a target is on batches that are the same in every run, so that two versions of a kernel can be compared: of a kernel that has not
 * changed every error is the same. The batches come in sixteen blocks. An error has grown where it has in each block: of a kernel whose answers
 * vary from call to call, with errors as likely to be larger as smaller, that happens with a probability of 2^-16.
 */
import { type Batch, createBatch } from '../../core/batch.ts';
import { inFormat } from '../../core/grid.ts';
import { fitted } from '../../core/limits.ts';
import type { Operation } from '../../core/operation.ts';
import { createRandom, type Random } from '../../core/random.ts';
import type { Target } from '../../core/target.ts';
import { measureNumbers } from '../../judge/accuracy.ts';
import { noneDrawn } from '../../options/taken.ts';
import type { Oracle } from '../../oracle/exact.ts';
import { profileOf } from '../../row/profile-formats.ts';
import { observe } from '../../targets/observe.ts';
import { createGaps } from '../explore/bands.ts';
import { batchFor } from '../explore/cases.ts';
import { sharedOracles } from '../explore/oracles.ts';
import { logitsOf, type Subject, takes } from '../subject.ts';

/** How many blocks there are. */
export const BLOCKS = 16;

/** Lengths of rows: within a vector, of some vectors and a rest, and of many. Rows are at least as many as spreads. */
const shapes = [
  { rows: 16, cols: 12 },
  { rows: 4, cols: 203 },
  { rows: 4, cols: 2050 },
] as const;

/** Where errors are told apart: numbers with a gap above `from`, 0 included by the first, and up to `to`, in rows of `cols` logits. */
export interface Cell {
  readonly from: number;
  readonly to: number;
  readonly cols: number;
}

/** Where exp loses little, where it is small, and where it is subnormal or 0. Rows spread over so much, one after the other. */
const gaps = [1, 16, 87, Number.POSITIVE_INFINITY];
const spreads = [1, 16, 87, 104];

/** The errors of one cell over their budgets: of each block the mean, and the largest. */
export interface CellErrors extends Cell {
  readonly mean: readonly number[];
  readonly worst: readonly number[];
}

/** The errors of one operation. */
export interface BenchmarkedOperation {
  readonly operation: Operation;
  readonly cells: readonly CellErrors[];
}

/**
 * Measures the operations of the target: of each the cells of the shapes of which it answers all batches. One that does not answer in time is
 * asked no more. Null where it is over before.
 */
export async function benchmark(
  { target, operations }: Subject,
  isOver: () => boolean = () => false,
): Promise<BenchmarkedOperation[] | null> {
  const cells = new Map(operations.map((operation): [Operation, CellErrors[]] => [operation, []]));
  const silent = new Set<Operation>();
  for (const [s, shape] of shapes.entries()) {
    const blocks = new Map<Operation, Errors[][]>();
    for (const operation of operations) if (!silent.has(operation)) blocks.set(operation, []);
    for (let block = 0; block < BLOCKS; block++) {
      const batch = batchOf(target, shape, createRandom([s, block, 19, 7]));
      const oracleFor = sharedOracles({
        batchOf: (each, operation) => batchFor({ batch, drawn: noneDrawn }, each, operation),
        optionsOf: () => noneDrawn.options,
      });
      for (const [operation, errors] of blocks) {
        if (isOver()) return null;
        const next = takes(target, batch)
          ? await errorsOf(target, operation, oracleFor(target, operation))
          : null;
        if (next === 'timed-out') silent.add(operation);
        if (next === null || next === 'timed-out') blocks.delete(operation);
        else errors.push(next);
      }
    }
    for (const [operation, errors] of blocks)
      cells.get(operation)?.push(...cellsOf(errors, sizesOf(target, shape).cols));
  }
  return operations.map((operation) => ({ operation, cells: cells.get(operation) ?? [] }));
}

interface Errors {
  numbers: number;
  sum: number;
  worst: number;
}

/** The errors of the answer to the oracle's batch, by the gap; null where there is none. */
async function errorsOf(
  target: Target,
  operation: Operation,
  oracle: Oracle,
): Promise<Errors[] | 'timed-out' | null> {
  const observed = await observe(target, operation, oracle.batch);
  if (observed.status === 'timed-out') return 'timed-out';
  if (observed.status !== 'answered') return null;
  const gapAt = createGaps(operation, oracle);
  const errors = gaps.map((): Errors => ({ numbers: 0, sum: 0, worst: 0 }));
  measureNumbers(operation, oracle, observed.output, profileOf(target), (k, _, use) => {
    const cell = errors[gaps.findIndex((to) => gapAt(k) <= to)];
    if (cell === undefined) return;
    cell.numbers += 1;
    cell.sum += use;
    cell.worst = Math.max(cell.worst, use);
  });
  return errors;
}

/** The cells of which every block has numbers. */
function cellsOf(blocks: readonly (readonly Errors[])[], cols: number): CellErrors[] {
  return gaps.flatMap((to, g) => {
    const errors = blocks.map((block) => block[g]);
    if (errors.some(({ numbers }) => numbers === 0)) return [];
    const mean = errors.map(({ numbers, sum }) => sum / numbers);
    return { from: gaps[g - 1] ?? 0, to, cols, mean, worst: errors.map(({ worst }) => worst) };
  });
}

type Shape = Pick<Batch, 'rows' | 'cols'>;

function sizesOf({ rows, cols, limits = {} }: Target, shape: Shape): Shape {
  return fitted({ rows: rows ?? shape.rows, cols: cols ?? shape.cols }, limits);
}

/** A batch of the shape, or of what the target takes alone: logits as far below their row's largest as the row is spread. */
function batchOf(target: Target, shape: Shape, random: Random): Batch {
  const { rows, cols } = sizesOf(target, shape);
  const draw = (size: number): number => size * (2 * random.unit() - 1);
  const offsets = Array.from({ length: rows }, () => draw(20));
  const logits = Float32Array.from({ length: rows * cols }, (_, k) => {
    const r = Math.floor(k / cols);
    return offsets[r] - spreads[r % spreads.length] * random.unit();
  });
  const targets = Int32Array.from({ length: rows }, () => random.below(cols));
  const upstream = logits.map(() => draw(1));
  return inFormat(createBatch(rows, cols, logits, targets, upstream), logitsOf(target));
}
