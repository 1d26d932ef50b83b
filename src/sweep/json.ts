/** A sweep as one JSON object, for machines. Numbers are hex words, 8 digits of FP32 and 4 of a 16-bit format; errors and counts are numbers. */
import type { Target } from '../core/target.ts';
import { fromBits } from '../float32/bits.ts';
import { toHexIn } from '../formats/words.ts';
import { SCHEMA_VERSION } from '../record/finding-file.ts';
import { profileOf } from '../row/profile-formats.ts';
import { faultsOf, verdictOf } from './faults.ts';
import type { Interval } from './intervals.ts';
import type { SweepPlan } from './plan.ts';
import type { SweepResult, Worst } from './result.ts';
import { wordAt } from './series.ts';

/** The object that `sweep --json` writes; docs/sweep.md describes its fields. */
export function sweepToJson(target: Target, result: SweepResult): object {
  const { plan, visits, series } = result;
  const faults = faultsOf(target, result);
  return {
    schemaVersion: SCHEMA_VERSION,
    target: target.name,
    operation: plan.operation,
    profile: plan.profile,
    ...(Object.values(plan.formats).some((format) => format !== 'fp32') && { formats: plan.formats }),
    stride: plan.stride,
    from: wordAt(plan, plan.from),
    to: wordAt(plan, plan.to),
    words: visits,
    verdict: verdictOf(faults),
    faults: faults.map(({ name, severity, known, answers }) => ({ fault: name, severity, known, answers })),
    outputs: series.map(({ series: { xFirst, index }, error, use, beyond, nans, intervals }) => ({
      row: xFirst ? '[x, 0]' : '[0, x]',
      index,
      largestError: error && worstToJson(plan, error),
      largestBudgetUse: use && worstToJson(plan, use),
      beyond,
      nan: nans,
      intervals: intervals.map((interval) => intervalToJson(plan, interval)),
    })),
  };
}

function worstToJson(plan: SweepPlan, { position, got, nearest, size, isProven }: Worst): object {
  const { answer } = profileOf(plan);
  const [output, expected] = [got, nearest].map((number) => toHexIn(number, answer));
  return { size, x: wordAt(plan, position), output, expected, isProven };
}

function intervalToJson(
  plan: SweepPlan,
  { fault, from, to, answers, parts, gotFrom, gotTo }: Interval,
): object {
  const { answer } = profileOf(plan);
  return {
    fault,
    from: wordAt(plan, from),
    to: wordAt(plan, to),
    answers,
    parts,
    outputs: [gotFrom, gotTo].map((word) => toHexIn(fromBits(word), answer)),
  };
}
