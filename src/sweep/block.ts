/** One block of a sweep: the kernel's answers at every position that is visited, against the reference. */
import type { Batch } from '../core/batch.ts';
import { UserError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import { observe } from '../targets/observe.ts';
import { type Block, CHUNK, chunksOf, type SweepPlan } from './plan.ts';
import { wordAt } from './positions.ts';
import { createReferences, fillReference } from './reference.ts';
import { seriesOf } from './series.ts';
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
