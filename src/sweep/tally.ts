/** The answers of one series against the reference: nearly all are dismissed after one subtraction. */

import type { Batch } from '../core/batch.ts';
import { numbersPerRow } from '../core/operation.ts';
import { toBits } from '../float32/bits.ts';
import { profileOf } from '../row/profile-formats.ts';
import { compareExactly } from './exact.ts';
import { createIntervalCollector, type Interval } from './intervals.ts';
import { createLeaders, type Leader, leadersOf, offer } from './leaders.ts';
import { exactLevel, levelWithin, SURELY_NEAREST, uncertainty } from './levels.ts';
import type { SweepPlan } from './plan.ts';
import { valueAt } from './positions.ts';
import type { Column } from './reference.ts';
import type { Series } from './series.ts';
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

/** Collects a series, chunk after chunk. */
export interface Tally {
  /** `visit` is the number of positions before the chunk, `answers` the kernel's for the rows of the series. */
  readonly add: (positions: Float64Array, visit: number, answers: Float32Array, exact: Column) => void;
  readonly result: () => SeriesResult;
}

/** A tally of nothing yet. */
export function createTally(plan: SweepPlan, series: Series): Tally {
  const judge = createJudge(plan.operation, profileOf(plan));
  const perRow = numbersPerRow(plan.operation, 2);
  const levels: number[] = [];
  const errors = createLeaders(uncertainty(0));
  const uses = createLeaders(0);
  const faults = createIntervalCollector();
  const row: Batch = {
    rows: 1,
    cols: 2,
    logits: new Float32Array(2),
    targets: new Int32Array(1),
    upstream: null,
  };
  let nans = 0;

  const add: Tally['add'] = (positions, visit, answers, { base, delta, perUlp }) => {
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

  return {
    add,
    result: () => ({
      levels: Array.from(levels, (count) => count ?? 0),
      nans,
      errors: leadersOf(errors),
      uses: leadersOf(uses),
      intervals: faults.intervals(),
    }),
  };
}
