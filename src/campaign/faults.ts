/**
 * Findings that one cause may have, made one: what a person reads. A bucket is what an answer looks like, and one cause looks like many.
 *
 * A finding goes with another whose input shows its bucket too (shown.ts), or whose bucket its own input shows. The input that shows the most buckets takes them
 * all, and what shows the bucket of the simplest of these; then the one that shows the most of those that are left, and so on. What is known
 * and what is new are kept apart.
 */
import { compareSimplicity } from '../arbitraries/simplicity.ts';
import type { Finding } from '../core/finding.ts';
import { compareFindings } from './merge.ts';

/** A cause, as far as inputs tell it. */
export interface Fault<T> {
  /** The finding with the simplest input, an error where one is among them. */
  readonly lead: T;
  /** The others, in the order of findings. */
  readonly others: readonly T[];
}

/** The faults of a target's findings, in the order of their leads; `findingOf` gives what is recorded its finding. */
export function faultsOf<T>(recorded: readonly T[], findingOf: (each: T) => Finding): Fault<T>[] {
  return [true, false]
    .flatMap((isKnown) =>
      cover(
        recorded.filter((each) => findingOf(each).known === isKnown),
        findingOf,
      ),
    )
    .sort((a, b) => compareFindings(findingOf(a.lead), findingOf(b.lead)));
}

function cover<T>(recorded: readonly T[], findingOf: (each: T) => Finding): Fault<T>[] {
  const faults: Fault<T>[] = [];
  let left = [...recorded];
  while (left.length > 0) {
    const shows = (each: T, other: T): boolean => {
      const { bucket, shows: more = [] } = findingOf(each);
      return [bucket, ...more].includes(findingOf(other).bucket);
    };
    const shown = left
      .map((each) => left.filter((other) => shows(each, other)))
      .reduce((most, each) => (each.length > most.length ? each : most));
    const { lead } = faultOf(shown, findingOf);
    const members = left.filter((each) => shown.includes(each) || shows(each, lead));
    faults.push(faultOf(members, findingOf));
    left = left.filter((each) => !members.includes(each));
  }
  return faults;
}

function faultOf<T>(members: readonly T[], findingOf: (each: T) => Finding): Fault<T> {
  const errors = members.filter((each) => findingOf(each).severity === 'error');
  const lead = (errors.length > 0 ? errors : members).reduce((best, each) =>
    compareLeads(findingOf(each), findingOf(best)) < 0 ? each : best,
  );
  return { lead, others: members.filter((each) => each !== lead) };
}

/** The simpler input, and of the same the first in the order of findings. */
function compareLeads(a: Finding, b: Finding): number {
  return compareSimplicity(withoutUpstream(a), withoutUpstream(b)) || compareFindings(a, b);
}

function withoutUpstream({ batch }: Finding): Finding['batch'] {
  return { ...batch, upstream: null };
}
