/**
 * What is wrong with an answer. Double precision acquits what it can (screen.ts), and convicts the rest as far as its
 * proven errors let it (estimate.ts): enough to count failures. Of those, decimal.js proves the one of each bucket that
 * is reported (compare.ts).
 *
 * Options may be read in several ways (src/options/readings.ts), each with an oracle of its own. A row that one of them explains is right.
 */
import { rowOf } from '../core/batch.ts';
import { heavierFirst } from '../core/error-size.ts';
import { type Operation, rowAt } from '../core/operation.ts';
import { mostParticular, type Trigger, triggerOf } from '../core/trigger.ts';
import type { Violation } from '../core/violation.ts';
import type { Reading } from '../options/readings.ts';
import type { Oracle } from '../oracle/exact.ts';
import { slowBecause } from '../oracle/sentinels.ts';
import type { Profile } from '../row/profile.ts';
import { compare } from './compare.ts';
import { createEstimate, type Estimate, UNDECIDED } from './estimate.ts';
import type { Miss } from './miss.ts';
import { readingsOf } from './readings.ts';
import { unproven } from './screen.ts';

/**
 * The violations in `output`, at most one for each bucket: the one of the largest weight, then of the largest error over its
 * budget, and the first of equals. Each is proven by decimal.js. Empty when the answer is right. `output` must have the operation's length.
 */
export function judge(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  const exactly: MissOf = (of) => (k) => compare(of, operation, k, output[k], profile);
  const suspects = suspectsOf(oracle, operation, output, profile);
  const guess = verdictOf(suspects, operation, guesses(operation, output, profile));
  const proven = verdictOf(guess.grounds, operation, exactly);
  return isSame(guess.told, proven.told) ? proven.told : verdictOf(suspects, operation, exactly).told;
}

/**
 * What {@link judge} finds, in the same buckets, without decimal.js but for the numbers that double precision cannot
 * decide. The sizes of the errors have six true digits.
 */
export function estimate(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  const suspects = suspectsOf(oracle, operation, output, profile);
  return verdictOf(suspects, operation, guesses(operation, output, profile)).told.map((violation) => ({
    ...violation,
    absoluteError: sixDigits(violation.absoluteError),
    relativeError: sixDigits(violation.relativeError),
    errorUlp: sixDigits(violation.errorUlp),
    budgetUse: sixDigits(violation.budgetUse),
    weight: sixDigits(violation.weight),
  }));
}

/** What double precision says of a number by an oracle; what decimal.js says, where it may not. */
function guesses(operation: Operation, output: Float32Array, profile: Profile): MissOf {
  return (oracle) => {
    const guess: Estimate =
      slowBecause === null
        ? createEstimate(operation, oracle.batch, oracle.approximate, profile)
        : () => UNDECIDED;
    return (k) => {
      const miss = guess(k, output[k]);
      return miss === UNDECIDED ? compare(oracle, operation, k, output[k], profile) : miss;
    };
  };
}

function sixDigits(size: number): number {
  return Number.isFinite(size) ? Number(size.toPrecision(6)) : size;
}

/** The violations that decimal.js finds among all numbers of `output`: what {@link judge} must find too. */
export function judgeExactly(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): Violation[] {
  const suspects = readingsOf(oracle, profile).map((each) => ({ oracle: each, indices: [...output.keys()] }));
  return verdictOf(suspects, operation, (of) => (k) => compare(of, operation, k, output[k], profile)).told;
}

/** By one reading of a batch's options, which is an oracle, the numbers that may be wrong. */
interface Suspects {
  readonly oracle: Oracle;
  readonly indices: readonly number[];
}

/** What is wrong with numbers of an answer, by an oracle. */
type MissOf = (oracle: Oracle) => (k: number) => Miss | null;

/** The reading that acquitted an answer last. A kernel has one, which is tried first; what is found does not depend on it. */
let usual: Reading = 'exact';

/** The numbers that double precision does not acquit, in rows that no reading acquits as a whole; none where there is no such row. */
function suspectsOf(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): readonly Suspects[] {
  const readings = readingsOf(oracle, profile);
  if (readings.length === 1) {
    const indices = suspectsBy(oracle, operation, output, profile);
    return indices.length === 0 ? [] : [{ oracle, indices }];
  }
  const isUsual = ({ reading }: Oracle): boolean => reading === usual;
  const found = new Map<Oracle, readonly number[]>();
  let open: ReadonlySet<number> | undefined;
  const isOpen = (k: number): boolean =>
    open === undefined || open.has(rowAt(operation, k, oracle.batch) ?? 0);
  for (const each of [...readings.filter(isUsual), ...readings.filter((each) => !isUsual(each))]) {
    const indices = suspectsBy(each, operation, output, profile);
    if (indices.length === 0) usual = each.reading;
    const inOpen = indices.filter(isOpen);
    if (inOpen.length === 0) return [];
    found.set(each, inOpen);
    open = new Set(inOpen.map((k) => rowAt(operation, k, oracle.batch) ?? 0));
  }
  return readings.map((each) => ({ oracle: each, indices: (found.get(each) ?? []).filter(isOpen) }));
}

function suspectsBy(
  oracle: Oracle,
  operation: Operation,
  output: Float32Array,
  profile: Profile,
): readonly number[] {
  if (slowBecause !== null) return [...output.keys()];
  return unproven(operation, oracle.batch, oracle.approximate, output, profile);
}

/** A violation that is somewhere. */
type Located = Violation & { readonly index: number };

/** What is told of an answer. */
interface Verdict {
  readonly told: Located[];
  /** Of each reading, the numbers that it has against the rows that are told of. */
  readonly grounds: readonly Suspects[];
}

/**
 * The violations among suspects. A row is right where one reading finds all of it right; else what is told of it is what the reading
 * finds that finds the least.
 */
function verdictOf(suspects: readonly Suspects[], operation: Operation, missOf: MissOf): Verdict {
  if (suspects.length === 0) return { told: [], grounds: [] };
  const [{ oracle }] = suspects;
  const located = suspects.map((each) => locate(each, operation, missOf(each.oracle)));
  if (suspects.length === 1) {
    const told = heaviestOfEach(located[0]);
    return { told, grounds: [{ oracle, indices: told.map(({ index }) => index) }] };
  }
  const all = located.map((each) => [...each]);
  const rows = new Set(
    suspects.flatMap(({ indices }) => indices.map((k) => rowAt(operation, k, oracle.batch))),
  );
  const inRows = all.map(byRow);
  const verdicts = Array.from(rows, (r) => inRows.map((each) => heaviestOfEach(each.get(r) ?? []))).filter(
    (byReading) => byReading.every((violations) => violations.length > 0),
  );
  return {
    told: heaviestOfEach(verdicts.flatMap(leastOf)),
    grounds: suspects.map((each, k) => ({
      ...each,
      indices: verdicts.flatMap((byReading) => byReading[k].map(({ index }) => index)),
    })),
  };
}

function byRow(violations: readonly Located[]): ReadonlyMap<number | null, readonly Located[]> {
  const rows = new Map<number | null, Located[]>();
  for (const violation of violations) {
    const known = rows.get(violation.row);
    if (known === undefined) rows.set(violation.row, [violation]);
    else known.push(violation);
  }
  return rows;
}

/** Violations in the order of indices, before only the heaviest of each bucket is kept. */
function* locate(
  { oracle, indices }: Suspects,
  operation: Operation,
  missAt: (index: number) => Miss | null,
): Generator<Located> {
  const { batch } = oracle;
  let last: { readonly row: number | null; readonly trigger: Trigger } | undefined;
  for (const index of indices) {
    const miss = missAt(index);
    if (miss === null) continue;
    const row = rowAt(operation, index, batch);
    if (last?.row !== row)
      last = { row, trigger: row === null ? triggerOfAll(oracle) : triggerAt(oracle, row) };
    yield { operation, ...miss, trigger: last.trigger, index, row, detail: null };
  }
}

/** At most one of each bucket: the heaviest, and the first of equals. */
function heaviestOfEach(violations: Iterable<Located>): Located[] {
  const heaviest: Located[] = [];
  for (const violation of violations) {
    const known = heaviest.findIndex((each) => isOfSameBucket(each, violation));
    if (known !== -1 && heavierFirst(violation, heaviest[known]) >= 0) continue;
    heaviest[known === -1 ? heaviest.length : known] = violation;
  }
  return heaviest;
}

function isOfSameBucket(a: Located, b: Located): boolean {
  return a.kind === b.kind && a.severity === b.severity && a.trigger === b.trigger;
}

function isSame(a: readonly Located[], b: readonly Located[]): boolean {
  return (
    a.length === b.length && a.every((each, k) => isOfSameBucket(each, b[k]) && each.index === b[k].index)
  );
}

/** The larger of two weights is that by more than this: double precision has them to 2^-25. */
const CLEARLY = 1 + 2 ** -20;

/**
 * What the reading finds that finds the least: no error, then the lighter heaviest number, then fewer violations, then special values alone, and then the first. All but
 * weights that are clearly apart are of counts, so that double precision and decimal.js choose alike.
 */
function leastOf(byReading: readonly (readonly Located[])[]): readonly Located[] {
  return byReading.reduce((least, each) => (isLess(each, least) ? each : least));
}

function isLess(a: readonly Located[], b: readonly Located[]): boolean {
  const [errorsOfA, errorsOfB] = [a, b].map((all) => all.some(({ severity }) => severity === 'error'));
  if (errorsOfA !== errorsOfB) return errorsOfB;
  const [ofA, ofB] = [a, b].map((all) => Math.max(...all.map(({ weight }) => weight)));
  if (ofA * CLEARLY < ofB || ofB * CLEARLY < ofA) return ofA < ofB;
  if (a.length !== b.length) return a.length < b.length;
  return isOfSpecialRows(a) && !isOfSpecialRows(b);
}

/** Whether the rows have no finite maximum: scores that overflow by the reading, as they did in the kernel. */
function isOfSpecialRows(violations: readonly Located[]): boolean {
  return violations.every(({ kind }) => kind === 'special-value');
}

/** The trigger of a row of reals, rounded to FP32. */
function triggerAt({ batch, approximate }: Oracle, r: number): Trigger {
  const { view } = approximate[r];
  return triggerOf(view === null ? rowOf(batch, r) : new Float32Array(view.logits));
}

function triggerOfAll(oracle: Oracle): Trigger {
  return mostParticular(Array.from({ length: oracle.batch.rows }, (_, r) => triggerAt(oracle, r)));
}
