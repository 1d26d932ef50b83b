/** One answer against decimal.js, which decides between the largest errors and confirms what is reported. */
import { fromBits } from '../float32/bits.ts';
import { budgetOf } from '../judge/budget.ts';
import { createOracle } from '../oracle/exact.ts';
import { type Decimal, decimalOf, Wide } from '../row/decimal.ts';
import { profileNamed } from '../row/profile.ts';
import type { SweepPlan } from './plan.ts';
import { valueAt } from './positions.ts';
import { createReferences, fillReference } from './reference.ts';
import { batchAt, type Series } from './series.ts';

const TWO_TO_128 = new Wide(2).pow(128);

/** An answer, other than NaN, and the exact one. */
export interface Comparison {
  /** The error in ULP; an infinity counts as 2^128. Correct to 10^-12 ULP, as exact values are to 10^-20 relative. */
  readonly ulps: Decimal;
  /** The error over the profile's budget, correct to 2^-30 relative. */
  readonly use: Decimal;
  /** The exact answer rounded to nearest. */
  readonly nearest: number;
}

/** Compares the answer `got`, a word, at a position of a series. */
export function compareExactly(
  { operation, profile }: SweepPlan,
  series: Series,
  position: number,
  got: number,
): Comparison {
  const oracle = createOracle(batchAt(series, position));
  const { value, rounded } = oracle.entry(operation, series.index);
  const answer = fromBits(got);
  const finite = Number.isFinite(answer) ? decimalOf(answer) : TWO_TO_128.times(Math.sign(answer));
  const error = Wide.sub(value, finite).abs();
  const references = createReferences(1);
  fillReference[operation](references, 0, valueAt(position));
  return {
    ulps: error.div(decimalOf(1 / references[series.entry].perUlp[0])),
    use: error.div(budgetOf(operation, series.index, oracle, profileNamed(profile))),
    nearest: rounded,
  };
}
