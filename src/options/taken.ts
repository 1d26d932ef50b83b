/** Which options an operation of a target takes. */
import type { Batch } from '../core/batch.ts';
import { gridOf, toGrid } from '../core/grid.ts';
import type { Operation } from '../core/operation.ts';
import { isScalar, type OptionName, type Options, type Taken } from '../core/options.ts';
import type { Target } from '../core/target.ts';
import { optionNames, optionSpecs, withOptions } from './index.ts';

/** Nothing. */
export const nothing: Taken = { names: [], fixed: {} };

/** What an operation of the target takes. */
export function takenBy({ options }: Pick<Target, 'options'>, operation: Operation): Taken {
  return options?.[operation] ?? nothing;
}

/** A text that tells what is taken: two operations with the same are given the same batches. */
export function keyOf({ names, fixed, alwaysProbabilities }: Taken): string {
  const values = Object.entries(fixed).map(([name, value]) => `${name}=${value}`);
  return [...names, ...values, ...(alwaysProbabilities ? ['always'] : [])].join();
}

/** What is taken of options of which these are there. */
export function takenOf({ names, ...others }: Taken, options: Options): Taken {
  return { ...others, names: names.filter((name) => options[name] !== undefined) };
}

/** The part of what is taken that changes scores. */
export function scoresTaken({ names, fixed }: Taken): Taken {
  const isOfScores = (name: OptionName): boolean => optionSpecs[name].kind !== 'loss';
  const its = Object.entries(fixed).filter(([name]) => isOfScores(name as OptionName));
  return { names: names.filter(isOfScores), fixed: Object.fromEntries(its) };
}

/** Of the options of a batch, the first that the operation does not take, or not of this value, or that it has always and is not there. */
export function notTaken(
  options: Options = {},
  { names, fixed, alwaysProbabilities }: Taken,
): OptionName | null {
  const isTaken = (name: OptionName): boolean => {
    const value = options[name];
    if (fixed[name] !== undefined) return value !== undefined && isSameValue(value, fixed[name]);
    if (value === undefined) return !(name === 'probabilities' && alwaysProbabilities);
    return names.includes(name);
  };
  return optionNames.find((name) => !isTaken(name)) ?? null;
}

function isSameValue(a: NonNullable<Options[OptionName]>, b: NonNullable<Options[OptionName]>): boolean {
  if (isScalar(a) || isScalar(b)) return Object.is(a, b);
  return a.length === b.length && a.every((each: number, k: number) => Object.is(each, b[k]));
}

/** The options of a case that are not fixed, and what its mask hides. */
export interface Drawn {
  readonly options: Options;
  /** What the hidden logits hold, in their format, where that is not what the row has there. */
  readonly hidden: number | null;
  /** 1 for each row that is ignored where that is an option; null where those are that have this target. */
  readonly ignored: Uint8Array | null;
}

/** No option. */
export const noneDrawn: Drawn = { options: {}, hidden: null, ignored: null };

/** The batch as an operation takes it: with what it takes of the drawn options, and its fixed ones. */
export function asTaken(
  batch: Batch,
  { names, fixed, alwaysProbabilities }: Taken,
  { options, hidden, ignored }: Drawn,
): Batch {
  const { options: _, ...plain } = batch;
  const always: Options = alwaysProbabilities ? { probabilities: oneHot(batch) } : {};
  const taken = optionNames.flatMap((name) => {
    const value = fixed[name] ?? (names.includes(name) ? options[name] : undefined) ?? always[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  if (taken.length === 0) return batch.options === undefined ? batch : withClasses(plain, batch.options);
  const values = fitting(Object.fromEntries(taken));
  const given = withOptions(withIgnored(plain, batch.options, values, ignored), values);
  const mask = given.options?.mask;
  if (hidden === null || mask === undefined) return given;
  const { cols } = batch;
  const held = toGrid(hidden, gridOf(batch));
  const logits = batch.logits.map((x, k) => (mask[mask.length === cols ? k % cols : k] === 0 ? held : x));
  return { ...given, logits };
}

/** The probabilities that are 1 at the target of each row; of one that is no class at none. */
export function oneHot({ rows, cols, targets }: Pick<Batch, 'rows' | 'cols' | 'targets'>): Float32Array {
  const probabilities = new Float32Array(rows * cols);
  for (const [r, target] of targets.entries())
    if (target >= 0 && target < cols) probabilities[r * cols + target] = 1;
  return probabilities;
}

/** The options, with one upstream value where there is one loss, and none that another makes meaningless. */
export function fitting({ ignoreIndex, upstream, ...others }: Options): Options {
  const { reduction, probabilities } = others;
  const isOne = typeof upstream === 'number' || reduction === 'none';
  return {
    ...others,
    ...(probabilities === undefined && ignoreIndex !== undefined && { ignoreIndex }),
    ...(upstream !== undefined && { upstream: isOne ? upstream : upstream[0] }),
  };
}

/** The batch with the target that is ignored in the rows that are, and classes for targets of the others. */
function withIgnored(
  batch: Batch,
  before: Options | undefined,
  { ignoreIndex }: Options,
  ignored: Uint8Array | null,
): Batch {
  const plain = withClasses(batch, before);
  if (ignoreIndex === undefined) return plain;
  const isIgnored = (r: number): boolean =>
    ignored === null ? batch.targets[r] === before?.ignoreIndex : ignored[r] === 1;
  return { ...plain, targets: plain.targets.map((target, r) => (isIgnored(r) ? ignoreIndex : target)) };
}

/** The batch with class 0 for the target of a row that was ignored by another that is no class. */
function withClasses(batch: Batch, before: Options | undefined): Batch {
  if (before?.ignoreIndex === undefined) return batch;
  const { targets, cols } = batch;
  return { ...batch, targets: targets.map((target) => (target >= 0 && target < cols ? target : 0)) };
}
