/** A sweep as one JSON object, for machines. Floats are 8-digit hex words; errors and counts are numbers. */
import type { Target } from '../core/target.ts';
import { fromBits, toHex } from '../float32/bits.ts';
import { SCHEMA_VERSION } from '../record/finding-file.ts';
import { faultsOf, verdictOf } from './faults.ts';
import type { Interval } from './intervals.ts';
import { valueAt } from './positions.ts';
import type { SweepResult, Worst } from './result.ts';

/** The object that `sweep --json` writes; docs/sweep.md describes its fields. */
export function sweepToJson(target: Target, result: SweepResult): object {
  const { plan, visits, series } = result;
  const faults = faultsOf(target, result);
  return {
    schemaVersion: SCHEMA_VERSION,
    target: target.name,
    operation: plan.operation,
    profile: plan.profile,
    stride: plan.stride,
    from: wordAtPosition(plan.from),
    to: wordAtPosition(plan.to),
    words: visits,
    verdict: verdictOf(faults),
    faults: faults.map(({ name, severity, known, answers }) => ({ fault: name, severity, known, answers })),
    outputs: series.map(({ series: { xFirst, index }, error, use, beyond, nans, intervals }) => ({
      row: xFirst ? '[x, 0]' : '[0, x]',
      index,
      largestError: error && worstToJson(error),
      largestBudgetUse: use && worstToJson(use),
      beyond,
      nan: nans,
      intervals: intervals.map(intervalToJson),
    })),
  };
}

function worstToJson({ position, got, nearest, size, isProven }: Worst): object {
  return { size, x: wordAtPosition(position), output: toHex(got), expected: toHex(nearest), isProven };
}

function intervalToJson({ fault, from, to, answers, parts, gotFrom, gotTo }: Interval): object {
  return {
    fault,
    from: wordAtPosition(from),
    to: wordAtPosition(to),
    answers,
    parts,
    outputs: [toHex(fromBits(gotFrom)), toHex(fromBits(gotTo))],
  };
}

function wordAtPosition(position: number): string {
  return toHex(valueAt(position));
}
