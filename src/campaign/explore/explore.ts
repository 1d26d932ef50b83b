/** Runs targets on cases and counts what goes wrong, by bucket. */
import { setImmediate } from 'node:timers/promises';
import { type Batch, hasFiniteLogits } from '../../core/batch.ts';
import { sizeOf } from '../../core/error-size.ts';
import { binOf } from '../../core/histogram.ts';
import { keep } from '../../core/keep.ts';
import type { Operation } from '../../core/operation.ts';
import type { Target } from '../../core/target.ts';
import { bucketOf, type Violation } from '../../core/violation.ts';
import { audit } from '../../judge/audit.ts';
import { estimate } from '../../judge/judge.ts';
import { violationsOf } from '../../laws/examine-law.ts';
import type { Question } from '../../laws/law.ts';
import { repeatedOnce } from '../../laws/repeatable.ts';
import { isRepeatedAt, lawsAt } from '../../laws/turn.ts';
import { flushesSubnormals, slowBecause } from '../../oracle/sentinels.ts';
import { createWorkspace, type Workspace } from '../../row/approximation.ts';
import { profileOf } from '../../row/profile-formats.ts';
import { examine } from '../../targets/examine.ts';
import { UserError } from '../../text/errors.ts';
import { monotonicMs } from '../monotonic.ts';
import { logitsOf, type Subject, takes } from '../subject.ts';
import { type Accuracy, accuracyOf, addAccuracies, isMeasured, noAccuracy } from './accuracy.ts';
import { addBands, addPlaces, type Bands, createPlaceCounter, noPlaces, type Places } from './bands.ts';
import { createAhead } from './calls-ahead.ts';
import { batchFor, type Case, type Cases, optionsIn } from './cases.ts';
import { type Climb, ClimbEnd, climbFrom, ignoreEnd } from './climbs.ts';
import { sharedOracles } from './oracles.ts';
import type { Range } from './ranges.ts';
import {
  addRepeats,
  type Discovery,
  emptyTally,
  foldDiscoveries,
  type Met,
  type Repeats,
  type Tally,
} from './tally.ts';

/** What came of a range of cases, or of the first of them. */
export interface Explored {
  /** The cases that were run. */
  readonly range: Range;
  /** A tally for each subject. */
  readonly tallies: readonly Tally[];
}

/** When to stop exploring. What is said of a case is said by all that it is asked: the one that is running then is left. */
export interface Limit {
  /** In ms of {@link monotonicMs}, which every process counts alike. */
  readonly until: number;
  /**
   * Whether the first case is run whatever the time, but then only what the oracle judges of it, without climbs and laws; and whatever the signal, and then all of it: a campaign
   * that is resumed does not run it again.
   */
  readonly first?: boolean;
}

/**
 * Runs some cases, in this process or another. It may stop early, but runs one case at least of a range that has any, unless
 * the limit is reached or the signal aborted.
 */
export type Explorer = (range: Range, limit?: Limit, signal?: AbortSignal) => Promise<Explored>;

/**
 * An explorer that runs `subjects` in this process, `milliseconds` at most in one go, but for the case that is running
 * then. Failures are counted by double precision, where its error bound decides; decimal.js decides the rest. Of
 * the share `audited` of the cases, decimal.js judges every number, and a disagreement throws. So does, as a UserError, a
 * target that has made this process flush subnormals to zero. Batches with NaN or +Infinity are left out for targets that
 * refuse them.
 */
export function createExplorer(
  subjects: readonly Subject[],
  cases: Cases,
  milliseconds: number,
  audited = 0,
): Explorer {
  const workspaceOf = keep((_: number): Workspace => createWorkspace());
  const ofClimbs = createWorkspace();
  const auditEvery = Math.round(1 / audited);
  const ahead = createAhead(subjects, cases);

  return async ([from, to], { until, first = false } = unlimited, signal = undefined) => {
    await setImmediate(); // Otherwise signals and timers would wait until everything is explored.
    const end = performance.now() + milliseconds;
    const tallies = subjects.map(
      (): Counting => ({ ...emptyTally, discoveries: new Map(), accuracies: new Map(), places: new Map() }),
    );
    let next = from;
    // No function of its own for a case: it would be asynchronous, and waiting for it take longer than a small case.
    range: while (next < to && (next === from || performance.now() < end)) {
      const isFirst = first && next === from;
      const isOver = (): boolean => (signal?.aborted === true && !isFirst) || monotonicMs() >= until;
      const isLeft = (): boolean => isOver() && !isFirst;
      if (isLeft()) break;
      const { given, observations } = ahead.take(next, to);
      const caseFor = (target: Target): Case => given.get(logitsOf(target)) as Case;
      const oracleFor = sharedOracles({
        batchOf: (target, operation) => batchFor(caseFor(target), target, operation),
        optionsOf: (target) => optionsIn(caseFor(target)),
        workspaceOf,
      });
      const verdict = audited > 0 && next % auditEvery === 0 ? audit : estimate;
      const found = subjects.map(
        (): Found => ({
          isAsked: false,
          elements: 0,
          discoveries: [],
          accuracies: new Map(),
          places: new Map(),
          coverage: new Map(),
          repeats: { asked: 0, same: 0 },
        }),
      );
      for (const [s, { target, operations }] of subjects.entries()) {
        const { batch: plain } = given.get(logitsOf(target)) as Case;
        if (!takes(target, plain)) continue;
        const { discoveries } = found[s];
        found[s].isAsked = true;
        const laws = lawsAt(next, target);
        const isRepeated = isRepeatedAt(next, target);
        for (const [o, operation] of operations.entries()) {
          const oracle = oracleFor(target, operation);
          const { batch } = oracle;
          const examination = examine(target, operation, oracle, verdict, observations[s]?.[o]);
          const examined = examination instanceof Promise ? await examination : examination;
          if (isLeft()) break range;
          const { output, violations } = examined;
          const met = { case: next, step: 0 };
          for (const violation of violations) discoveries.push(discoveryOf(violation, met, batch));
          const isFast = slowBecause === null;
          const isCounted = output !== null && isMeasured(next, violations.length === 0);
          if (isFast && (isCounted || violations.length > 0)) {
            // Places are of logits, and with options the numbers of a row are others.
            const places = batch.options === undefined ? createPlaceCounter(operation, oracle) : null;
            for (const { index } of violations) if (index !== null) places?.countWrong(index);
            if (isCounted && (places !== null || violations.length === 0)) {
              const measured = accuracyOf(operation, next, oracle, output, profileOf(target), places?.count);
              if (violations.length === 0) found[s].accuracies.set(operation, measured);
            }
            if (places !== null) {
              found[s].places.set(operation, places.places());
              found[s].coverage = addBands(found[s].coverage, places.coverage());
            }
          }
          if (output === null || violations.length > 0) continue;
          if (isLeft()) break range;
          if (isOver()) continue;
          // Before the laws, which call the kernel again: it may give the same array again.
          const climb = climbFrom({ target, operation, number: next, oracle, output }, cases);
          if (laws.length > 0 || isRepeated) {
            const { repeats } = found[s];
            const question: Question = {
              target,
              operation,
              oracle,
              live: examined.live ?? (() => output),
              answer: output.slice(),
              verdict: estimate,
              patience: 'little',
              isAlone: false,
              onRepeated(isSame) {
                repeats.asked++;
                if (isSame) repeats.same++;
              },
            };
            const broken = isRepeated ? await repeatedOnce(question) : null;
            if (broken !== null) discoveries.push(discoveryOf(broken.violation, met, batch));
            for (const law of laws) {
              if (isOver()) break;
              for (const violation of await violationsOf([law], question))
                discoveries.push(discoveryOf(violation, met, batch));
            }
          }
          if (climb !== null) await follow(climb, next, found[s], ofClimbs, isOver);
          if (isLeft()) break range;
        }
        found[s].elements += plain.logits.length * operations.length;
      }
      for (const [s, each] of found.entries()) {
        const { isAsked, elements, discoveries, accuracies, places, coverage, repeats } = each;
        if (!isAsked) continue;
        const tally = tallies[s];
        for (const discovery of discoveries) note(tally.discoveries, discovery);
        for (const [operation, measured] of accuracies) {
          const earlier = tally.accuracies.get(operation) ?? noAccuracy;
          tally.accuracies.set(operation, addAccuracies(earlier, measured));
        }
        for (const [operation, its] of places)
          tally.places.set(operation, addPlaces(tally.places.get(operation) ?? noPlaces, its));
        tally.coverage = addBands(tally.coverage, coverage);
        tally.repeats = addRepeats(tally.repeats, repeats);
        tally.cases += 1;
        tally.elements += elements;
      }
      next += 1;
    }
    if (flushesSubnormals())
      throw new UserError(
        `cases ${from} to ${next - 1} were judged in a process that flushes subnormals to zero`,
        'A library linked with -ffast-math turns that on (GCC bug 55522). Leave out --in-process.',
      );
    return { range: [from, next], tallies };
  };
}

const unlimited: Limit = { until: Number.POSITIVE_INFINITY };

/** A tally that grows. */
interface Counting {
  cases: number;
  elements: number;
  readonly discoveries: Map<string, Discovery>;
  readonly accuracies: Map<Operation, Accuracy>;
  readonly places: Map<Operation, Places>;
  coverage: Bands;
  repeats: Repeats;
}

/** What a case has shown of a target so far. */
interface Found {
  /** Whether the target takes the case. */
  isAsked: boolean;
  elements: number;
  readonly accuracies: Map<Operation, Accuracy>;
  readonly places: Map<Operation, Places>;
  coverage: Bands;
  readonly repeats: { asked: number; same: number };
  readonly discoveries: Discovery[];
}

/**
 * Climbs until it is over, and collects what is met. A case counts once for a bucket, however often its climb falls into it.
 */
async function follow(
  climb: Climb,
  number: number,
  found: Found,
  workspace: Workspace,
  isOver: () => boolean,
): Promise<void> {
  const met = new Map<string, Discovery>();
  await climb(workspace, (batch, step, violations) => {
    if (isOver()) throw new ClimbEnd();
    found.elements += batch.logits.length;
    for (const violation of violations) note(met, discoveryOf(violation, { case: number, step }, batch));
  }).catch(ignoreEnd);
  for (const discovery of met.values()) {
    const weights = new Map([[binOf(discovery.worst.weight), 1]]);
    found.discoveries.push({ ...discovery, occurrences: 1, weights });
  }
}

function note(discoveries: Map<string, Discovery>, discovery: Discovery): void {
  const bucket = bucketOf(discovery.signature);
  const known = discoveries.get(bucket);
  discoveries.set(bucket, known === undefined ? discovery : foldDiscoveries(known, discovery));
}

function discoveryOf(violation: Violation, met: Met, batch: Batch): Discovery {
  const { operation, kind, law, trigger, severity, isOfEarlier } = violation;
  const size = sizeOf(violation);
  return {
    signature: { operation, kind, law, trigger, severity },
    simplest: {
      ...met,
      finite: hasFiniteLogits(batch),
      rows: batch.rows,
      cols: batch.cols,
      cells: cellsOf(batch),
      ...(isOfEarlier && { isOfEarlier }),
      ...size,
    },
    worst: { ...met, ...size },
    first: met.case,
    occurrences: 1,
    weights: new Map([[binOf(size.weight), 1]]),
  };
}

function cellsOf({ logits }: Batch): number {
  let cells = 0;
  for (let k = 0; k < logits.length; k++) if (logits[k] !== 0) cells++;
  return cells;
}
