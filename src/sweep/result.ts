/** From the blocks of a sweep to what it has shown: counts added, candidates decided and intervals confirmed by decimal.js. */

import { fromBits } from '../float32/bits.ts';
import { profileOf } from '../row/profile-formats.ts';
import { shown } from '../text/describe-value.ts';
import type { BlockResult } from './block.ts';
import { compareExactly } from './exact.ts';
import { FLUSHED, type Interval, joinIntervals } from './intervals.ts';
import { joinLeaders, LEADERS, type Leader } from './leaders.ts';
import { lowerLimit, uncertainty } from './levels.ts';
import type { SweepPlan } from './plan.ts';
import { batchAt, type Series, seriesOf } from './series.ts';
import type { SeriesResult } from './tally.ts';
import { provenFault } from './verdict.ts';

/** The answer of a series that is worst in some respect. */
export interface Worst {
  readonly position: number;
  /** What the kernel answered. */
  readonly got: number;
  /** The exact answer rounded to nearest. */
  readonly nearest: number;
  /** In ULP, correct to 10^-12, or in budgets, correct to 2^-30 relative. */
  readonly size: number;
  /** Whether no answer is worse. Otherwise too many come near it to compare them all, and none is worse by more than 2^-22 + 2^-28 size. */
  readonly isProven: boolean;
}

/** How many answers have an error above `ulps`. */
export interface Beyond {
  readonly ulps: number;
  readonly answers: number;
}

/** What the sweep has shown of one series. */
export interface SeriesSummary {
  readonly series: Series;
  /** The largest error, in ULP, of answers other than NaN; null when all are below 2^-23 ULP. */
  readonly error: Worst | null;
  /** The largest use of the budget by answers further than 1/2 ULP from the exact one; null when there is none. */
  readonly use: Worst | null;
  /** For 1/2, 1, 2, 4… ULP, as far as there are errors above. NaN and answers below are not among them. */
  readonly beyond: readonly Beyond[];
  readonly nans: number;
  /** By their first position. */
  readonly intervals: readonly Interval[];
}

/** What a block has shown, series by series. */
export interface BlockSummary {
  /** The first and the last position that were visited. */
  readonly first: number;
  readonly last: number;
  /** The largest error in ULP by double precision, of answers other than NaN; 0 where all are below what is kept. */
  readonly worstUlp: readonly number[];
  /** Whether an answer is beyond its budget. */
  readonly isWrong: readonly boolean[];
}

/** What a sweep has shown. */
export interface SweepResult {
  readonly plan: SweepPlan;
  /** How many x were visited. */
  readonly visits: number;
  readonly series: readonly SeriesSummary[];
  readonly blocks: readonly BlockSummary[];
}

/** That decimal.js does not confirm an interval: a bug in this folder, or a block that was kept is not what was written. */
export class Unconfirmed extends Error {
  override readonly name = 'Unconfirmed';
}

/**
 * The result of a whole sweep from the results of all of its blocks, in order.
 * @throws Unconfirmed when decimal.js does not confirm an interval.
 */
export function summarize(plan: SweepPlan, blocks: readonly BlockResult[]): SweepResult {
  return {
    plan,
    visits: blocks.reduce((sum, { visits }) => sum + visits, 0),
    blocks: blocks.map(({ first, last, series }) => ({
      first,
      last,
      worstUlp: series.map(({ errors }) => Math.max(0, ...errors.map(({ size }) => size))),
      isWrong: series.map(({ intervals }) => intervals.some(({ fault }) => fault !== FLUSHED)),
    })),
    series: seriesOf(plan.operation).map((series, s) => {
      const results = blocks.map((block) => block.series[s]);
      const intervals = joinIntervals(
        blocks.map(({ first, last }, b) => ({ first, last, intervals: results[b].intervals })),
      );
      for (const interval of intervals) confirm(plan, series, interval);
      return {
        series,
        error: worstOf(plan, series, joinLeaders(results.map(({ errors }) => errors)), 'ulps'),
        use: worstOf(plan, series, joinLeaders(results.map(({ uses }) => uses)), 'use'),
        beyond: beyondOf(results),
        nans: results.reduce((sum, { nans }) => sum + nans, 0),
        intervals,
      };
    }),
  };
}

/** What double precision leaves open in an error or a use. A use is an error over a budget of at least 1/2 ULP. */
const open = { ulps: uncertainty, use: (size: number) => 2 ** -23 + 2 ** -29 * size };

function worstOf(
  plan: SweepPlan,
  series: Series,
  leaders: readonly Leader[],
  by: keyof typeof open,
): Worst | null {
  if (leaders.length === 0) return null;
  const [worst] = leaders
    .map(({ position, got }) => ({ position, got, ...compareExactly(plan, series, position, got) }))
    .sort((a, b) => b[by].cmp(a[by]) || a.position - b.position);
  const size = worst[by].toNumber();
  const others = leaders.length < LEADERS ? open[by](0) : leaders[LEADERS - 1].size;
  return {
    position: worst.position,
    got: fromBits(worst.got),
    nearest: worst.nearest,
    size,
    isProven: size > others + open[by](others),
  };
}

function beyondOf(results: readonly SeriesResult[]): Beyond[] {
  const length = Math.max(...results.map(({ levels }) => levels.length));
  const beyond: Beyond[] = [];
  let answers = 0;
  for (let level = length - 1; level > 0; level--) {
    for (const { levels } of results) answers += levels[level] ?? 0;
    beyond.unshift({ ulps: lowerLimit(level), answers });
  }
  return beyond;
}

function confirm(plan: SweepPlan, series: Series, interval: Interval): void {
  const { fault, from, to, gotFrom, gotTo } = interval;
  for (const [position, got] of [
    [from, gotFrom],
    [to, gotTo],
  ]) {
    const proven = provenFault(
      plan.operation,
      profileOf(plan),
      batchAt(plan, series, position),
      series.index,
      fromBits(got),
    );
    if (proven !== fault)
      throw new Unconfirmed(`position ${position} of a sweep is ${proven}, not ${shown(fault)}`);
  }
}
