/** One block of a sweep: the kernel's answers at every position that is visited, against the reference. */
import type { Batch } from '../core/batch.ts';
import { UserError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import { toBits } from '../float32/bits.ts';
import { profileNamed } from '../judge/profile.ts';
import { observe } from '../targets/observe.ts';
import { compareExactly } from './exact.ts';
import { createIntervalCollector, type Interval } from './intervals.ts';
import { createLeaders, type Leader, leadersOf, offer } from './leaders.ts';
import { exactLevel, levelWithin, SURELY_NEAREST, uncertainty } from './levels.ts';
import { type Block, CHUNK, chunksOf, type SweepPlan } from './plan.ts';
import { valueAt, wordAt } from './positions.ts';
import { type Column, createReferences, fillReference } from './reference.ts';
import { type Series, seriesOf } from './series.ts';
import { createJudge } from './verdict.ts';

/** What a block has shown of one series. */
export interface SeriesResult {
  /** How many answers have an error of each level above 0; see levels.ts. The first number is 0. */
  readonly levels: readonly number[];
  readonly nans: number;
  /** The largest errors, in ULP by double precision. */
  readonly errors: readonly Leader[];
  /** The largest uses of the budget by answers that are not the nearest, by double precision. */
  readonly uses: readonly Leader[];
  readonly intervals: readonly Interval[];
}

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
  const tallies = seriesOf(plan.operation).map((series) => createTally(plan, series));
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
      tally(positions, visits, series.xFirst ? answers.xFirst : answers.zeroFirst, references[series.entry]);
    }
    if (visits === 0) first = positions[0];
    last = positions[positions.length - 1];
    visits += positions.length;
  }
  return { index: block.index, visits, first, last, series: tallies.map(({ result }) => result()) };
}

/** A row of x and 0 for each position, x in column `column`. */
function batchOf(positions: Float64Array, column: number): Batch {
  const rows = positions.length;
  const logits = new Float32Array(2 * rows);
  const words = new Uint32Array(logits.buffer);
  for (let i = 0; i < rows; i++) words[2 * i + column] = wordAt(positions[i]);
  return { rows, cols: 2, logits, targets: new Int32Array(rows) };
}

async function answersOf(target: Target, { operation }: SweepPlan, batch: Batch): Promise<Float32Array> {
  const observation = await observe(target, operation, batch);
  if (observation.status === 'answered') return observation.output;
  throw new UserError(
    `${target.name} gave no answer to ${operation} of ${batch.rows} rows of two logits: ${observation.detail}`,
  );
}

/** Collects a series, chunk after chunk. `visit` is the number of positions before the chunk. */
type Tally = (positions: Float64Array, visit: number, answers: Float32Array, exact: Column) => void;

function createTally(
  plan: SweepPlan,
  series: Series,
): { readonly series: Series; readonly tally: Tally; readonly result: () => SeriesResult } {
  const judge = createJudge(plan.operation, profileNamed(plan.profile));
  const perRow = plan.operation === 'logSumExp' ? 1 : 2;
  const levels: number[] = [];
  const errors = createLeaders(uncertainty(0));
  const uses = createLeaders(0);
  const faults = createIntervalCollector();
  const row: Batch = { rows: 1, cols: 2, logits: new Float32Array(2), targets: new Int32Array(1) };
  let nans = 0;

  const tally: Tally = (positions, visit, answers, { base, delta, perUlp }) => {
    for (let i = 0; i < positions.length; i++) {
      const got = answers[i * perRow + series.index];
      const ulps = Math.abs(got - base[i] - delta[i]) * perUlp[i];
      if (ulps <= errors.least && ulps <= SURELY_NEAREST) continue;
      if (ulps <= SURELY_NEAREST) offer(errors, positions[i], toBits(got), ulps);
      else look(positions[i], visit + i, got, base[i], delta[i], perUlp[i]);
    }
  };

  function look(
    position: number,
    visit: number,
    got: number,
    base: number,
    delta: number,
    perUlp: number,
  ): void {
    const word = toBits(got);
    let error = Number.NaN;
    if (Number.isNaN(got)) nans++;
    else {
      const finite = Math.abs(got) === Number.POSITIVE_INFINITY ? Math.sign(got) * 2 ** 128 : got;
      error = Math.abs(finite - base - delta);
      offer(errors, position, word, error * perUlp);
      const level =
        levelWithin(finite, base, delta, perUlp) ??
        exactLevel(compareExactly(plan, series, position, word).ulps);
      if (level === 0) return;
      levels[level] = (levels[level] ?? 0) + 1;
    }
    row.logits[series.xFirst ? 0 : 1] = valueAt(position);
    const { use, fault } = judge(row, series.index, got, error);
    offer(uses, position, word, use);
    if (fault !== null) faults.add(fault, visit, position, word);
  }

  const result = (): SeriesResult => {
    return {
      levels: Array.from(levels, (count) => count ?? 0),
      nans,
      errors: leadersOf(errors),
      uses: leadersOf(uses),
      intervals: faults.intervals(),
    };
  };
  return { series, tally, result };
}
