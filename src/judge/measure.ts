/** How large the errors of an answer are, right or wrong: what tables compare. The largest are exact. */
import { type Operation, rowAt } from '../core/operation.ts';
import type { Oracle } from '../oracle/exact.ts';
import type { Profile } from '../row/profile.ts';
import { roundToFormat } from '../row/round.ts';
import { budgetOf, fixedAnswer } from './budget.ts';
import { errorOf, exactDistanceTo } from './distance.ts';

/** The errors of an answer. */
export interface Measurement {
  /** The largest error in ULP of the exact value, among finite numbers whose exact value is normal; 0 where there are none. */
  readonly errorUlp: number;
  /** The largest error over what the profile allows; Infinity where none is allowed and there is one. */
  readonly budgetUse: number;
  /** How many numbers are NaN or infinite where the exact answer rounds to a finite number. */
  readonly notFinite: number;
}

/** Nothing measured. */
export const noMeasurement: Measurement = { errorUlp: 0, budgetUse: 0, notFinite: 0 };

/** The errors of `output`, which has the operation's length. Special and masked entries have no size and are left out. */
export function measure(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Measurement {
  let worst = noMeasurement;
  for (const [k, got] of output.entries()) {
    const r = rowAt(operation, k, oracle.batch);
    if (r !== null && fixedAnswer(operation, oracle.batch, oracle.row(r), k) !== null) continue;
    const { value, rounded: inFp32 } = oracle.entry(operation, k);
    const rounded = roundToFormat(value, inFp32, profile.answer);
    if (!Number.isFinite(rounded)) continue;
    if (!Number.isFinite(got)) {
      worst = { ...worst, notFinite: worst.notFinite + 1 };
      continue;
    }
    const error = errorOf(value, got, profile);
    const distance = exactDistanceTo(value, got, profile);
    const use = got === rounded ? 0 : distance / budgetOf(operation, k, oracle, profile);
    const exact = value.toNumber();
    const errorUlp = Math.abs(exact) < profile.answer.minNormal ? 0 : error / profile.answer.ulp(exact);
    worst = {
      ...worst,
      errorUlp: Math.max(worst.errorUlp, errorUlp),
      budgetUse: Math.max(worst.budgetUse, use),
    };
  }
  return worst;
}

/** The largest errors of two answers. */
export function worseOf(a: Measurement, b: Measurement): Measurement {
  return {
    errorUlp: Math.max(a.errorUlp, b.errorUlp),
    budgetUse: Math.max(a.budgetUse, b.budgetUse),
    notFinite: a.notFinite + b.notFinite,
  };
}
