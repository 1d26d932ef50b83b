/**
 * Moves to batches of two columns with options, the same whatever the batch was: what is wrong with an option mostly shows at a simple value of it, which moves of one number at a time
 * do not reach where the weight has to stay.
 */
import { type Batch, createBatch } from '../../core/batch.ts';
import { isScalar, type OptionName, type Options } from '../../core/options.ts';
import { optionNames, optionSpecs } from '../../options/index.ts';
import type { Domain } from '../../options/stage.ts';
import { fitting } from '../../options/taken.ts';
import { compareSimplicity } from '../simplicity.ts';
import { attemptAll, type Search } from './search.ts';

/** A batch that needs more options than these has more candidates than are worth it. */
const MOST_OPTIONS = 3;

/** What a row of logits is, or the second below one of zeros. */
const pairs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [0, -1],
  [0, 2],
  [0, 3],
];

/** The first that fails of tiny batches with the options that the batch has, or with all but one of them. */
export function tinyWithOptions(batch: Batch): Search {
  const names = optionNames.filter((name) => batch.options?.[name] !== undefined);
  if (names.length === 0 || names.length > MOST_OPTIONS) return attemptAll(batch, []);
  const hasTwoRows = batch.rows > 1 || names.includes('ignoreIndex'); // A row that is ignored mostly needs another.
  const kept = [names, ...names.map((left) => names.filter((name) => name !== left))];
  const listed = kept
    .filter(({ length }) => length > 0)
    .flatMap((each) => [...tinyBatches(1, each, batch), ...(hasTwoRows ? tinyBatches(2, each, batch) : [])]);
  return attemptAll(batch, listed.sort(compareSimplicity));
}

/** All of these rows and options. */
function tinyBatches(rows: 1 | 2, names: readonly OptionName[], { upstream, options = {} }: Batch): Batch[] {
  return choices(rows, names, options).flatMap((given) =>
    pairs.flatMap((pair) => {
      const logits = rows === 1 ? pair : [0, 0, ...pair];
      return targetsFor(rows, given).flatMap((targets) =>
        upstreamsFor(upstream, rows).map(
          (each): Batch => ({ ...createBatch(rows, 2, logits), targets, upstream: each, options: given }),
        ),
      );
    }),
  );
}

/** Each choice of values: simple ones, and of numbers that of the batch, which may be fixed. */
function choices(rows: 1 | 2, names: readonly OptionName[], own: Options): Options[] {
  return names
    .reduce<Options[]>(
      (before, name) => {
        const { tiny } = optionSpecs[name] as Domain<unknown>;
        const value = own[name];
        const values = new Set([...tiny(rows), ...(value !== undefined && isScalar(value) ? [value] : [])]);
        return before.flatMap((chosen) => [...values].map((each) => ({ ...chosen, [name]: each })));
      },
      [{}],
    )
    .map(fitting);
}

/** Either class, or rows that are ignored; of probabilities none is read. */
function targetsFor(rows: 1 | 2, { ignoreIndex, probabilities }: Options): Int32Array[] {
  if (probabilities !== undefined) return [new Int32Array(rows)];
  const classes = ignoreIndex === undefined || [0, 1].includes(ignoreIndex) ? [0, 1] : [0, 1, ignoreIndex];
  if (rows === 1) return classes.map((target) => Int32Array.of(target));
  return classes.flatMap((first) => classes.map((second) => Int32Array.of(first, second)));
}

/** None where the batch has none, else 1 at the last column, or at the first. */
function upstreamsFor(upstream: Float32Array | null, rows: 1 | 2): (Float32Array | null)[] {
  if (upstream === null) return [null];
  const repeated = (pair: readonly number[]): Float32Array =>
    Float32Array.from(rows === 1 ? pair : [...pair, ...pair]);
  return [repeated([0, 1]), repeated([1, 0])];
}
