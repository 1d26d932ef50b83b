/** Every option, in the order in which they are applied: what is missing here does not compile. */
import type { Batch } from '../core/batch.ts';
import type { OptionName, Options } from '../core/options.ts';
import type { Random } from '../core/random.ts';
import { bias } from './bias.ts';
import { mask } from './mask.ts';
import { scale } from './scale.ts';
import { sink } from './sink.ts';
import { softcap } from './softcap.ts';
import type { Domain, Joining, Stage } from './stage.ts';
import type { Selection } from './values.ts';

type Spec<V> = Stage<V> | Joining<V>;

/** What the engine knows of each option. */
export const optionSpecs = { scale, softcap, bias, mask, sink } as const satisfies {
  readonly [O in OptionName]-?: Spec<NonNullable<Options[O]>>;
};

/** The names of all options, in their order. */
export const optionNames = Object.keys(optionSpecs) as readonly OptionName[];

/** An option with its value. `V` is the type of both. */
export interface Given<S> {
  readonly spec: S;
  readonly value: unknown;
}

/** The options that are given and may change something, in their order. */
export function given(options: Options): {
  readonly stages: Given<Stage<unknown>>[];
  readonly joining: Given<Joining<unknown>>[];
} {
  const stages: Given<Stage<unknown>>[] = [];
  const joining: Given<Joining<unknown>>[] = [];
  for (const name of optionNames) {
    const spec = optionSpecs[name] as Spec<unknown>;
    const value = options[name];
    if (value === undefined || value === spec.neutral) continue;
    if (spec.joins) joining.push({ spec, value });
    else stages.push({ spec, value });
  }
  return { stages, joining };
}

/** Options that may be none. */
type Unchecked = { readonly [O in OptionName]?: unknown };

/**
 * The batch with these options, in place of any that it has. Numbers are rounded to FP32, arrays copied.
 * @throws UserError when a value is not one that its option takes, or an array does not fit the batch.
 */
export function withOptions({ options: _, ...batch }: Batch, options: Unchecked): Batch {
  const checked = Object.fromEntries(
    optionNames.flatMap((name) => {
      const { checked } = optionSpecs[name] as Domain<unknown>;
      return options[name] === undefined ? [] : [[name, checked(options[name], batch.rows, batch.cols)]];
    }),
  );
  return Object.keys(checked).length === 0 ? batch : { ...batch, options: checked };
}

/** Options of these names for a batch of this shape, each there or not with equal chances: each pair of them soon meets. */
export function drawOptions(
  random: Random,
  names: readonly OptionName[],
  { rows, cols }: Pick<Batch, 'rows' | 'cols'>,
): Options {
  const drawn = optionNames
    .filter((name) => names.includes(name) && random.chance(0.5))
    .map((name) => [name, optionSpecs[name].draw(random, rows, cols)]);
  return Object.fromEntries(drawn);
}

/** The options of a batch of which these rows and columns are kept; undefined where it has none. */
export function selectOptions({ options, cols }: Batch, kept: Selection): Options | undefined {
  if (options === undefined) return undefined;
  const selected = Object.entries(options).map(([name, value]) => {
    const { select } = optionSpecs[name as OptionName] as Domain<unknown>;
    return [name, select(value, kept, cols)];
  });
  return Object.fromEntries(selected);
}

/** The options that are one number for all of a batch, of whatever shape; undefined where there are none. */
export function scalarsOf({ options = {} }: Batch): Options | undefined {
  const scalars = Object.entries(options).filter(([, value]) => typeof value === 'number');
  return scalars.length === 0 ? undefined : Object.fromEntries(scalars);
}

/** The largest magnitude that dz / dx has by these options. */
export function steepest(options: Options): number {
  return given(options).stages.reduce((most, { spec, value }) => most * (spec.slope?.most(value) ?? 1), 1);
}
