/**
 * What exploring has shown of one target: sums, and for each bucket the cases that stand for it. A tally is plain data and
 * names cases by their numbers, so that it is small whatever the batches are. Folding tallies is associative and
 * commutative: however a campaign is split and in whatever order its parts end, the sum is the same.
 */
import { type ErrorSize, heavierFirst } from '../../core/error-size.ts';
import { addHistograms, type Histogram } from '../../core/histogram.ts';
import type { Operation } from '../../core/operation.ts';
import type { Signature } from '../../core/violation.ts';
import { type Accuracy, addAccuracies, noAccuracy } from './accuracy.ts';
import { addBands, addPlaces, type Bands, noPlaces, type Places } from './bands.ts';

/** A batch that fails: of a case, or of the climb that started from it. */
export interface Met {
  readonly case: number;
  /** The step of the climb, from 1; 0 for the case itself. */
  readonly step: number;
}

/** A batch that fails, how simple it is, and its error, of whose sizes six digits are sure. */
export interface Simplest extends Met, ErrorSize {
  /** Whether every logit is finite. */
  readonly finite: boolean;
  readonly rows: number;
  readonly cols: number;
  /** Logits that are not 0. */
  readonly cells: number;
  /** Whether it shows what calls before it did. */
  readonly isOfEarlier?: true | undefined;
}

/** The batch of the largest weight. Of the sizes six digits are sure. */
export interface WorstCase extends Met, ErrorSize {}

/** A bucket before shrinking. */
export interface Discovery {
  readonly signature: Signature;
  readonly simplest: Simplest;
  readonly worst: WorstCase;
  /** The lowest number of a case that fell into the bucket, itself or by its climb. */
  readonly first: number;
  /** Cases that fell into the bucket, themselves or by their climb. */
  readonly occurrences: number;
  /** The weights of their errors. */
  readonly weights: Histogram;
}

/** The sum over some cases. */
export interface Tally {
  /** Batches judged. */
  readonly cases: number;
  /** Logits given to the kernel, summed over operations. */
  readonly elements: number;
  /** By bucket. */
  readonly discoveries: ReadonlyMap<string, Discovery>;
  /** Of the operations that answered rightly. */
  readonly accuracies: ReadonlyMap<Operation, Accuracy>;
  /** Where errors are, of right answers and of wrong ones. */
  readonly places: ReadonlyMap<Operation, Places>;
  /** The same of all operations together, by the exponents of gap and length. */
  readonly coverage: Bands;
  readonly repeats: Repeats;
}

/** Calls that were made again, and those of them that gave the same bits. */
export interface Repeats {
  readonly asked: number;
  readonly same: number;
}

/** The tally of no cases. */
export const emptyTally: Tally = {
  cases: 0,
  elements: 0,
  discoveries: new Map(),
  accuracies: new Map(),
  places: new Map(),
  coverage: new Map(),
  repeats: { asked: 0, same: 0 },
};

/** The tally of both. */
export function fold(a: Tally, b: Tally): Tally {
  const discoveries = new Map(a.discoveries);
  for (const [bucket, discovery] of b.discoveries) {
    const known = discoveries.get(bucket);
    discoveries.set(bucket, known === undefined ? discovery : foldDiscoveries(known, discovery));
  }
  const accuracies = new Map(a.accuracies);
  for (const [operation, accuracy] of b.accuracies)
    accuracies.set(operation, addAccuracies(accuracies.get(operation) ?? noAccuracy, accuracy));
  const places = new Map(a.places);
  for (const [operation, each] of b.places)
    places.set(operation, addPlaces(places.get(operation) ?? noPlaces, each));
  return {
    cases: a.cases + b.cases,
    elements: a.elements + b.elements,
    discoveries,
    accuracies,
    places,
    coverage: addBands(a.coverage, b.coverage),
    repeats: addRepeats(a.repeats, b.repeats),
  };
}

/** Both together. */
export function addRepeats(a: Repeats, b: Repeats): Repeats {
  return { asked: a.asked + b.asked, same: a.same + b.same };
}

/** One bucket's discovery from two. */
export function foldDiscoveries(a: Discovery, b: Discovery): Discovery {
  return {
    signature: a.signature,
    simplest: compareSimplest(a.simplest, b.simplest) <= 0 ? a.simplest : b.simplest,
    worst: compareWorst(a.worst, b.worst) <= 0 ? a.worst : b.worst,
    first: Math.min(a.first, b.first),
    occurrences: a.occurrences + b.occurrences,
    weights: addHistograms(a.weights, b.weights),
  };
}

/**
 * Negative when `a` is the better start for shrinking: what fails by itself, the first steps of compareSimplicity, which need no batch, and
 * then the lower case number and step.
 */
function compareSimplest(a: Simplest, b: Simplest): number {
  return (
    Number(a.isOfEarlier ?? false) - Number(b.isOfEarlier ?? false) ||
    Number(b.finite) - Number(a.finite) ||
    a.rows - b.rows ||
    a.cols - b.cols ||
    a.cells - b.cells ||
    a.case - b.case ||
    a.step - b.step
  );
}

/** Negative when `a` is worse, or as bad and of a lower case number. */
function compareWorst(a: WorstCase, b: WorstCase): number {
  return heavierFirst(a, b) || a.case - b.case || a.step - b.step;
}
