/** What a sweep has found wrong, by fault. */
import type { Target } from '../core/target.ts';
import { matchesBucket, type Severity } from '../core/violation.ts';
import { FLUSHED, type Interval } from './intervals.ts';
import type { SweepResult } from './result.ts';
import type { Series } from './series.ts';

/** One fault, wherever it shows. */
export interface Fault {
  /** A bucket, or {@link FLUSHED}. */
  readonly name: string;
  /** Null for what is within the budget. */
  readonly severity: Severity | null;
  /** Whether the target declares the bucket as known. */
  readonly known: boolean;
  readonly answers: number;
  /** The series in which it shows, with its intervals there. */
  readonly places: readonly { readonly series: Series; readonly intervals: readonly Interval[] }[];
}

/** The faults of a result: errors, warnings, then what is within the budget. */
export function faultsOf({ known }: Target, { series }: SweepResult): Fault[] {
  const names = new Set(series.flatMap(({ intervals }) => intervals.map(({ fault }) => fault)));
  const faults = Array.from(names, (name): Fault => {
    const places = series
      .map((each) => ({
        series: each.series,
        intervals: each.intervals.filter(({ fault }) => fault === name),
      }))
      .filter(({ intervals }) => intervals.length > 0);
    const answers = places.flatMap(({ intervals }) => intervals.map((interval) => interval.answers));
    return {
      name,
      severity: severityOf(name),
      known: known.some(({ bucket }) => matchesBucket(bucket, name)),
      answers: answers.reduce((sum, each) => sum + each, 0),
      places,
    };
  });
  const order = ['error', 'warning', null];
  return faults.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** How a sweep ends: with an error that the target does not declare, such a warning, only what it declares, or nothing. */
export type SweepVerdict = 'falsified' | 'warnings' | 'known' | 'held';

/** The verdict on faults. */
export function verdictOf(faults: readonly Fault[]): SweepVerdict {
  const violations = faults.filter(({ severity }) => severity !== null);
  const isNew = (wanted: Severity): boolean =>
    violations.some(({ severity, known }) => severity === wanted && !known);
  if (isNew('error')) return 'falsified';
  if (isNew('warning')) return 'warnings';
  return violations.length > 0 ? 'known' : 'held';
}

function severityOf(name: string): Severity | null {
  if (name === FLUSHED) return null;
  return name.endsWith('/warning') ? 'warning' : 'error';
}
