/**
 * Findings that one cause may have, made one: what a person reads. A bucket is what an answer looks like, and one cause looks like many.
 *
 * A finding goes with another whose input shows its bucket too (buckets-shown.ts), or whose bucket its own input shows. The input that shows the most buckets takes them
 * all, and what shows the bucket of the simplest of these; then the one that shows the most of those that are left, and so on. What is known
 * and what is new are kept apart, and so are two of which one has a known mistake that the other has not. Groups that no cause explains are one where a finding
 * of one shows a bucket of the other's as its numbers are scaled (connected.ts), or where the inputs of two differ in all signs.
 */
import { hasFiniteLogits } from '../../core/batch.ts';
import type { Finding } from '../../core/finding.ts';
import { isLaw } from '../../core/law.ts';
import { operations } from '../../core/operation.ts';
import { type Diagnosis, diagnose, isOneInput, LEAST_CONFIRMED } from '../../hypotheses/diagnose.ts';
import { fingerprint } from '../../shrink/fingerprint.ts';
import { compareFindings, compareInputs, needOthers } from '../merge.ts';

/** A cause, as far as inputs tell it. */
export interface Fault<T> {
  /** The finding that tells most, by the simplest input: an error where one is among them, NaN and infinities before what is off by some. */
  readonly lead: T;
  /** The others, in the order of findings. */
  readonly others: readonly T[];
  /** The known way to be wrong that explains the lead, and as many of the others as any. */
  readonly cause: Diagnosis | null;
}

/** The faults of a target's findings, in the order of their leads; `findingOf` gives what is recorded its finding. */
export function faultsOf<T>(recorded: readonly T[], findingOf: (each: T) => Finding): Fault<T>[] {
  const all = recorded.map(findingOf);
  const faults = [true, false].flatMap((isKnown) => {
    const those = recorded.filter((each) => findingOf(each).known === isKnown);
    return byCause(cover(those, findingOf), findingOf, all);
  });
  return faults.sort((a, b) => compareFindings(findingOf(a.lead), findingOf(b.lead)));
}

/** The groups as faults, those of one cause made one. */
function byCause<T>(
  groups: readonly (readonly T[])[],
  findingOf: (each: T) => Finding,
  all: readonly Finding[],
): Fault<T>[] {
  const causeOf = (
    members: readonly T[],
    established?: ReadonlySet<string>,
    compare: Compare = compareLeads,
  ): Fault<T> => {
    const { lead, others } = faultOf(members, findingOf, compare);
    return { lead, others, cause: diagnose([lead, ...others].map(findingOf), all, established) };
  };
  const faults = groups.map((members) => causeOf(members));
  const established = new Set(faults.flatMap(({ cause }) => (cause === null ? [] : [cause.words])));
  const tried = faults.map((fault) =>
    fault.cause === null ? causeOf(membersOf(fault), established) : fault,
  );
  /** Those of one cause made one, until the causes of all that is made so differ. */
  const asOne = (named: readonly Fault<T>[]): readonly Fault<T>[] => {
    const groups = new Map<unknown, T[]>();
    for (const fault of named) {
      const name = fault.cause?.words ?? fault;
      groups.set(name, [...(groups.get(name) ?? []), ...membersOf(fault)]);
    }
    const made = Array.from(groups.values(), (members) => causeOf(members, established, compareNamed));
    return made.length === named.length ? made : asOne(made);
  };
  const named = asOne(tried.filter(({ cause }) => cause !== null));
  return [...joined(tried.filter(({ cause }) => cause === null).map(membersOf), findingOf), ...named];
}

const membersOf = <T>({ lead, others }: Fault<T>): readonly T[] => [lead, ...others];

function cover<T>(recorded: readonly T[], findingOf: (each: T) => Finding): T[][] {
  const groups: T[][] = [];
  let left = [...recorded];
  while (left.length > 0) {
    const shows = (each: T, other: T): boolean => {
      const { bucket, shows: more = [] } = findingOf(each);
      const isShown = [bucket, ...more].includes(findingOf(other).bucket);
      return isShown && !areApart(findingOf(each), findingOf(other));
    };
    const shown = left
      .map((each) => left.filter((other) => shows(each, other)))
      .reduce((most, each) => (each.length > most.length ? each : most));
    const { lead } = faultOf(shown, findingOf);
    const members = left.filter((each) => shown.includes(each) || shows(each, lead));
    groups.push(members);
    left = left.filter((each) => !members.includes(each));
  }
  return groups;
}

/**
 * Whether two findings of one bucket need different options; or a known mistake, which further answers of the target support, is that of one finding and not of
 * the other, though the target was asked for both: the input of a finding may show the mistake of another too.
 */
function areApart(a: Finding, b: Finding): boolean {
  if (isOneInput(a, b) && a.output !== null && b.output !== null) return false;
  if (a.bucket === b.bucket && needOthers(a, b)) return true;
  const isAsked = [a, b].every(({ causes, severity }) => causes !== undefined && severity === 'error');
  const [ofA, ofB] = [a, b].map(({ causes = [] }) => causes);
  const isShared = ofA.some(({ words }) => ofB.some((cause) => cause.words === words));
  return isAsked && !isShared && [...ofA, ...ofB].some(({ confirmed }) => confirmed >= LEAST_CONFIRMED);
}

/** The groups as faults without a cause, those made one of which a finding shows the bucket of another's as its logits are scaled, and all that hang together so. */
function joined<T>(groups: readonly (readonly T[])[], findingOf: (each: T) => Finding): Fault<T>[] {
  const isBeside = (first: T, second: T): boolean => {
    const [a, b] = [findingOf(first), findingOf(second)];
    return (a.connected?.includes(b.bucket) === true && !areApart(a, b)) || isMirrored(a, b);
  };
  let regions: (readonly (readonly T[])[])[] = [];
  for (const group of groups) {
    const isNear = (region: readonly (readonly T[])[]): boolean =>
      region.flat().some((a) => group.some((b) => isBeside(a, b) || isBeside(b, a)));
    const near = regions.filter(isNear);
    regions = [...regions.filter((region) => !near.includes(region)), [...near.flat(), group]];
  }
  return regions.map((region) => {
    // What a region shows at its simplest says more than what it comes to.
    const compare = region.length === 1 ? compareLeads : compareSimplest;
    return { ...faultOf(region.flat(), findingOf, compare), cause: null };
  });
}

/** Whether the smallest input of one is that of the other with the sign of each logit changed: [2e38] and [-2e38]. */
function isMirrored(a: Finding, b: Finding): boolean {
  const mirrored = { ...a.batch, logits: a.batch.logits.map((x) => -x || 0) };
  const isOther = a.batch.logits.some((x) => x !== 0 && !Number.isNaN(x));
  return isOther && a.operation === b.operation && fingerprint(mirrored) === fingerprint(b.batch);
}

type Compare = (a: Finding, b: Finding) => number;

function faultOf<T>(
  members: readonly T[],
  findingOf: (each: T) => Finding,
  compare: Compare = compareLeads,
): Omit<Fault<T>, 'cause'> {
  const errors = members.filter((each) => findingOf(each).severity === 'error');
  const lead = (errors.length > 0 ? errors : members).reduce((best, each) =>
    compare(findingOf(each), findingOf(best)) < 0 ? each : best,
  );
  return { lead, others: members.filter((each) => each !== lead) };
}

/** What has no size before what is off by some, what shows in more buckets, the simpler input, and the first in the order of findings. */
function compareLeads(a: Finding, b: Finding): number {
  return (
    Number(isTelling(b)) - Number(isTelling(a)) ||
    (b.shows?.length ?? 0) - (a.shows?.length ?? 0) ||
    compareInputs(withoutUpstream(a), withoutUpstream(b)) ||
    compareFindings(a, b)
  );
}

/** Of findings that have one cause by name, where showing much tells no more: of finite logits first, then what has no size, by the first operation, the simplest. */
function compareNamed(a: Finding, b: Finding): number {
  return (
    Number(hasFiniteLogits(b.batch)) - Number(hasFiniteLogits(a.batch)) ||
    Number(isTelling(b)) - Number(isTelling(a)) ||
    operations.indexOf(a.operation) - operations.indexOf(b.operation) ||
    compareInputs(withoutUpstream(a), withoutUpstream(b)) ||
    compareFindings(a, b)
  );
}

/** The simpler input, and the first in the order of findings. */
function compareSimplest(a: Finding, b: Finding): number {
  return compareInputs(withoutUpstream(a), withoutUpstream(b)) || compareFindings(a, b);
}

/** Whether it has no size; of a law that is said more plainly by a finite input. */
function isTelling({ weight, kind, property, batch }: Finding): boolean {
  const isPlain = !isLaw(property) || hasFiniteLogits(batch);
  return !Number.isFinite(weight) && kind !== 'special-value' && isPlain;
}

function withoutUpstream({ batch, before }: Finding): Pick<Finding, 'before' | 'batch'> {
  return { before, batch: { ...batch, upstream: null } };
}
