/**
 * Moves to batches of two columns with options: what is wrong with an option mostly shows at a simple value of it, which moves of one number at a time
 * do not reach where the weight has to stay.
 */
import { type Batch, createBatch } from '../../core/batch.ts';
import { isScalar, type OptionName, type Options } from '../../core/options.ts';
import { optionNames, optionSpecs } from '../../options/index.ts';
import type { Domain } from '../../options/stage.ts';
import { fitting } from '../../options/taken.ts';
import { compareSimplicity } from '../simplicity.ts';
import { attemptAll, type Search } from './search.ts';

/** Who needs more options than these is not tried: their values would be too many. */
const MOST_OPTIONS = 3;

/** No more are tried, the simplest first: each is a call. */
export const MOST_CANDIDATES = 128;

/** What one row of logits is, of which the more options there are the fewer are tried, and the second below one of zeros. */
const alone = [
  [0, 0],
  [0, 1],
  [1, 0],
  [0, 2],
  [0, -1],
  [0, 3],
];
const fewerFor = 2;
const below0 = [
  [0, 0],
  [0, 1],
];

/** The first that fails of tiny batches with the options that the batch has, or with the mean where it has another reduction. */
export function tinyWithOptions(batch: Batch): Search {
  const names = optionNames.filter((name) => batch.options?.[name] !== undefined);
  if (names.length === 0 || names.length > MOST_OPTIONS) return attemptAll(batch, []);
  const others = names.filter((name) => name !== 'reduction');
  const hasTwoRows = batch.rows > 1 || names.includes('ignoreIndex'); // The mean needs a row that is not ignored.
  const listed = [names, ...(others.length === 0 || others.length === names.length ? [] : [others])].flatMap(
    (each) => [...tinyBatches(1, each, batch), ...(hasTwoRows ? tinyBatches(2, each, batch) : [])],
  );
  return attemptAll(batch, listed.sort(compareSimplicity).slice(0, MOST_CANDIDATES));
}

/** All of these rows and options. */
function tinyBatches(rows: 1 | 2, names: readonly OptionName[], batch: Batch): Batch[] {
  const pairs = rows === 1 ? alone.slice(0, alone.length - fewerFor * (names.length - 1)) : below0;
  return choices(rows, names, batch.options).flatMap((options) =>
    pairs.flatMap((pair) => {
      const logits = rows === 1 ? pair : [0, 0, ...pair];
      return targetsFor(rows, options).flatMap((targets) =>
        upstreamsFor(batch.upstream, rows).map(
          (upstream): Batch => ({ ...createBatch(rows, 2, logits), targets, upstream, options }),
        ),
      );
    }),
  );
}

/**
 * Simple values of options, of a number the batch's own too, as it may be fixed: of two each with each where they are few, else of one at a time beside the first of the others.
 */
function choices(rows: 1 | 2, names: readonly OptionName[], own: Options = {}): Options[] {
  const values = names.map((name) => {
    const { tiny } = optionSpecs[name] as Domain<unknown>;
    const value = own[name];
    return [...new Set([...tiny(rows), ...(value !== undefined && isScalar(value) ? [value] : [])])];
  });
  const isFew = values.length < 3 && values.reduce((product, { length }) => product * length, 1) <= 12;
  const chosen = isFew
    ? values.reduce<unknown[][]>(
        (before, each) => before.flatMap((some) => each.map((one) => [...some, one])),
        [[]],
      )
    : values.flatMap((each, k) =>
        each.slice(Math.min(k, 1)).map((one) => values.map(([first], at) => (at === k ? one : first))),
      );
  return chosen.map((each) => fitting(Object.fromEntries(names.map((name, k) => [name, each[k]]))));
}

/** Classes, one of two rows ignored where rows may be; of probabilities none is read. */
function targetsFor(rows: 1 | 2, { ignoreIndex, probabilities }: Options): Int32Array[] {
  const listed = (): number[][] => {
    if (probabilities !== undefined) return [[0, 0]];
    if (rows === 1) return [[0], [1], ...(ignoreIndex === undefined ? [] : [[ignoreIndex]])];
    if (ignoreIndex === undefined)
      return [
        [0, 0],
        [0, 1],
        [1, 0],
      ];
    return ignoreIndex === 0
      ? [
          [0, 1],
          [1, 0],
        ]
      : [[0, ignoreIndex]];
  };
  return listed().map((targets) => Int32Array.from(targets.slice(0, rows)));
}

/** None where the batch has none, else 1 at the last column, or at the first. */
function upstreamsFor(upstream: Float32Array | null, rows: 1 | 2): (Float32Array | null)[] {
  if (upstream === null) return [null];
  const repeated = (pair: readonly number[]): Float32Array =>
    Float32Array.from(rows === 1 ? pair : [...pair, ...pair]);
  return [repeated([0, 1]), repeated([1, 0])];
}
