/** One answer against decimal.js, which decides between the largest errors and confirms what is reported. */
import { fromBits } from '../float32/bits.ts';
import { formats as grids } from '../formats/index.ts';
import { budgetOf } from '../judge/budget.ts';
import { exactDistanceTo, withinFormat } from '../judge/distance.ts';
import { createOracle } from '../oracle/exact.ts';
import { type Decimal, decimalOf, Wide } from '../row/decimal.ts';
import { profileOf } from '../row/profile-formats.ts';
import { roundToFormat } from '../row/round.ts';
import type { SweepPlan } from './plan.ts';
import { createReferences, fillReference } from './reference.ts';
import { batchAt, type Series, xAt } from './series.ts';

/** An answer, other than NaN, and the exact one. */
export interface Comparison {
  /** The error in ULP of the answer's format; an infinity counts as what the next binade would have. Correct to 10^-12 ULP, as exact values are to 10^-20 relative. */
  readonly ulps: Decimal;
  /** The error over the profile's budget, correct to 2^-30 relative. */
  readonly use: Decimal;
  /** The exact answer rounded to nearest. */
  readonly nearest: number;
}

/** Compares the answer `got`, a word, at a position of a series. */
export function compareExactly(plan: SweepPlan, series: Series, position: number, got: number): Comparison {
  const { operation } = plan;
  const profile = profileOf(plan);
  const { answer: format } = profile;
  const oracle = createOracle(batchAt(plan, series, position));
  const { value, rounded } = oracle.entry(operation, series.index);
  const answer = fromBits(got);
  const error = Wide.sub(value, decimalOf(withinFormat(answer, profile))).abs();
  return {
    ulps: error.times(decimalOf(referenceAt(plan, series, xAt(plan, position)).perUlp)),
    use: new Wide(exactDistanceTo(value, answer, profile)).div(
      budgetOf(operation, series.index, oracle, profile),
    ),
    nearest: roundToFormat(value, rounded, format),
  };
}

/** The exact answer of a series for a finite x: base + delta, as reference.ts has them. */
export interface Reference {
  readonly base: number;
  readonly delta: number;
  /** One over the ULP of the answer's format, by the exponent of the exact answer itself: also of 1 - 10^-40. */
  readonly perUlp: number;
}

/** The reference of a series for a finite `x`. */
export function referenceAt({ operation, formats }: SweepPlan, { entry }: Series, x: number): Reference {
  fillReference[operation](one, 0, x);
  const [base, delta, perUlp] = [one[entry].base[0], one[entry].delta[0], one[entry].perUlp[0]];
  const { ulp } = grids[formats.answer];
  return { base, delta, perUlp: 1 / ulp(2 ** 23 / perUlp) };
}

const one = createReferences(1);
