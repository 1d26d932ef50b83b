/** One block of a sweep: the kernel's answers at every position that is visited, against the reference. */
import type { Batch } from '../core/batch.ts';
import type { Target } from '../core/target.ts';
import { observe } from '../targets/observe.ts';
import { UserError } from '../text/errors.ts';
import { createLook, createNumbersTally } from './numbers.ts';
import { type Block, CHUNK, chunksOf, type SweepPlan } from './plan.ts';
import { wordAt } from './positions.ts';
import { createReferences, fillReference } from './reference.ts';
import { batchAt, seriesOf } from './series.ts';
import { createTally, type SeriesResult } from './tally.ts';

/** What a block has shown. */
export interface BlockResult {
  readonly index: number;
  /** Positions visited, and which were the first and the last. */
  readonly visits: number;
  readonly first: number;
  readonly last: number;
  readonly series: readonly SeriesResult[];
}

/**
 * Runs the target on the rows [x, 0] and [0, x] of a block.
 * @throws UserError when the kernel throws, changes its arguments or answers with something else than numbers.
 */
export async function sweepBlock(target: Target, plan: SweepPlan, block: Block): Promise<BlockResult> {
  if (plan.formats.logits !== 'fp32') return sweepNumbers(target, plan, block);
  const references = createReferences(CHUNK);
  const fill = fillReference[plan.operation];
  const tallies = seriesOf(plan.operation).map((series) => ({ series, tally: createTally(plan, series) }));
  let visits = 0;
  let first = -1;
  let last = -1;
  for (const positions of chunksOf(plan, block)) {
    const batches = { xFirst: batchOf(positions, 0), zeroFirst: batchOf(positions, 1) };
    for (let i = 0; i < positions.length; i++) fill(references, i, batches.xFirst.logits[2 * i]);
    const answers = {
      xFirst: await answersOf(target, plan, batches.xFirst),
      zeroFirst: await answersOf(target, plan, batches.zeroFirst),
    };
    for (const { series, tally } of tallies) {
      const its = series.xFirst ? answers.xFirst : answers.zeroFirst;
      tally.add(positions, visits, its, references[series.entry]);
    }
    if (visits === 0) first = positions[0];
    last = positions[positions.length - 1];
    visits += positions.length;
  }
  return { index: block.index, visits, first, last, series: tallies.map(({ tally }) => tally.result()) };
}

/** The same of logits of a 16-bit format: all of their numbers, each judged as a campaign judges it. */
async function sweepNumbers(target: Target, plan: SweepPlan, block: Block): Promise<BlockResult> {
  const all = seriesOf(plan.operation).map((series) => ({ series, tally: createNumbersTally(plan) }));
  const look = createLook(plan);
  const visited: number[] = [];
  for (const positions of chunksOf(plan, block)) {
    for (const xFirst of [true, false]) {
      const tallies = all.filter(({ series }) => series.xFirst === xFirst);
      const series = tallies.map((each) => each.series);
      const rows = Array.from(positions, (position) => batchAt(plan, { xFirst }, position));
      const answers = await answersOf(target, plan, joined(rows));
      const perRow = answers.length / rows.length;
      for (let i = 0; i < positions.length; i++) {
        const answer = answers.subarray(i * perRow, (i + 1) * perRow);
        const looked = look(positions[i], series, answer);
        for (const [k, { tally }] of tallies.entries())
          tally.add(positions[i], visited.length + i, looked[k]);
      }
    }
    visited.push(...positions);
  }
  const [first] = visited;
  const series = all.map(({ tally }) => tally.result());
  return { index: block.index, visits: visited.length, first, last: visited[visited.length - 1], series };
}

/** Batches of one row as one batch. */
function joined(rows: readonly Batch[]): Batch {
  const logits = new Float32Array(2 * rows.length);
  for (const [r, row] of rows.entries()) logits.set(row.logits, 2 * r);
  return { ...rows[0], rows: rows.length, logits, targets: new Int32Array(rows.length) };
}

/** A row of x and 0 for each position, x in column `column`. */
function batchOf(positions: Float64Array, column: number): Batch {
  const rows = positions.length;
  const logits = new Float32Array(2 * rows);
  const words = new Uint32Array(logits.buffer);
  for (let i = 0; i < rows; i++) words[2 * i + column] = wordAt(positions[i]);
  return { rows, cols: 2, logits, targets: new Int32Array(rows), upstream: null };
}

async function answersOf(target: Target, { operation }: SweepPlan, batch: Batch): Promise<Float32Array> {
  const observation = await observe(target, operation, batch);
  if (observation.status === 'answered') return observation.output;
  throw new UserError(
    `${target.name} gave no answer to ${operation} of ${batch.rows} rows of two logits: ${observation.detail}`,
  );
}
