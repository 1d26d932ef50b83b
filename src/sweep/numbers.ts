/**
 * The answers for logits of a 16-bit format: few enough for each to be judged as a campaign judges, by double precision with its
 * proven errors, and by decimal.js where they leave something open.
 */
import type { Batch } from '../core/batch.ts';
import { triggerNearZero } from '../core/trigger.ts';
import { toBits } from '../float32/bits.ts';
import { compare } from '../judge/compare.ts';
import { distanceTo, withinFormat } from '../judge/distance.ts';
import { createEstimate, UNDECIDED } from '../judge/estimate.ts';
import type { Miss } from '../judge/miss.ts';
import { unproven } from '../judge/screen.ts';
import { rowSpecs } from '../operations/index.ts';
import { noInputs } from '../operations/operation.ts';
import { createOracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile-formats.ts';
import { rowCosts } from '../row/row-costs.ts';
import { compareExactly, referenceAt } from './exact.ts';
import { createIntervalCollector, FLUSHED } from './intervals.ts';
import { createLeaders, leadersOf, offer } from './leaders.ts';
import { exactLevel, levelWithin, SURELY_NEAREST, uncertainty } from './levels.ts';
import type { SweepPlan } from './plan.ts';
import { batchAt, type Series, xAt } from './series.ts';
import type { SeriesResult } from './tally.ts';
import { createBuckets } from './verdict.ts';

/** What is known of one answer. */
interface Looked {
  readonly got: number;
  readonly batch: Batch;
  readonly miss: Miss | null;
  /** Its error; null of NaN, and where x is infinite or NaN. */
  readonly error: { readonly ulps: number; readonly level: number; readonly use: number } | null;
}

/** What is known of the answer at a position, by its numbers' series, which are of one order of the logits. */
export function createLook(
  plan: SweepPlan,
): (position: number, series: readonly Series[], output: Float32Array) => Looked[] {
  const { operation } = plan;
  const profile = profileOf(plan);
  const { budget } = rowSpecs[operation];
  return (position, series, output) => {
    const x = xAt(plan, position);
    const batch = batchAt(plan, series[0], position);
    const oracle = createOracle(batch);
    const rows = oracle.approximate;
    const suspects = unproven(operation, batch, rows, output, profile);
    const estimate = suspects.length > 0 ? createEstimate(operation, batch, rows, profile) : null;
    const missAt = (k: number): Miss | null => {
      if (estimate === null || !suspects.includes(k)) return null;
      const miss = estimate(k, output[k]);
      return miss === UNDECIDED ? compare(oracle, operation, k, output[k], profile) : miss;
    };
    const errorOf = (of: Series): Looked['error'] => {
      const got = output[of.index];
      if (!Number.isFinite(x) || Number.isNaN(got)) return null;
      const { base, delta, perUlp } = referenceAt(plan, of, x);
      const finite = withinFormat(got, profile);
      const ulps = Math.abs(finite - base - delta) * perUlp;
      if (ulps <= SURELY_NEAREST) return { ulps, level: 0, use: 0 };
      const level =
        levelWithin(finite, base, delta, perUlp) ??
        exactLevel(compareExactly(plan, of, position, toBits(got)).ulps);
      const allowed = budget(rowCosts(batch.logits, rows[0], profile))(of.index, noInputs);
      return { ulps, level, use: level === 0 ? 0 : distanceTo(base + delta, got, profile) / allowed };
    };
    return series.map((of) => ({ got: output[of.index], batch, miss: missAt(of.index), error: errorOf(of) }));
  };
}

/** Collects a series, one answer after another. */
interface NumbersTally {
  /** `visit` is the number of positions before. */
  readonly add: (position: number, visit: number, looked: Looked) => void;
  readonly result: () => SeriesResult;
}

/** A tally of nothing yet. */
export function createNumbersTally(plan: SweepPlan): NumbersTally {
  const bucket = createBuckets(plan.operation);
  const levels: number[] = [];
  const errors = createLeaders(uncertainty(0));
  const uses = createLeaders(0);
  const faults = createIntervalCollector();
  let nans = 0;

  function faultOf({ miss, got, batch, error }: Looked): string | null {
    if (miss !== null) return bucket(miss.kind, miss.severity, triggerNearZero(batch.logits));
    return got === 0 && error !== null && error.level > 0 ? FLUSHED : null;
  }

  return {
    add(position, visit, looked) {
      const { got, miss, error } = looked;
      const word = toBits(got);
      if (Number.isNaN(got) && miss !== null) nans++;
      if (error !== null) {
        offer(errors, position, word, error.ulps);
        if (error.level > 0) levels[error.level] = (levels[error.level] ?? 0) + 1;
        offer(uses, position, word, error.use);
      }
      const fault = faultOf(looked);
      if (fault !== null) faults.add(fault, visit, position, word);
    },
    result: () => ({
      levels: Array.from(levels, (count) => count ?? 0),
      nans,
      errors: leadersOf(errors),
      uses: leadersOf(uses),
      intervals: faults.intervals(),
    }),
  };
}
