/** Every option, in the order in which they are applied: what is missing here does not compile. */
import type { Batch } from '../core/batch.ts';
import { answersBatch, type Operation, usesTargets } from '../core/operation.ts';
import { isScalar, type LossName, type OptionName, type Options, type ScoreName } from '../core/options.ts';
import type { Random } from '../core/random.ts';
import { bias } from './bias.ts';
import { classWeights } from './loss/class-weights.ts';
import { ignoreIndex } from './loss/ignore-index.ts';
import { labelSmoothing } from './loss/label-smoothing.ts';
import { probabilities } from './loss/probabilities.ts';
import { reduction } from './loss/reduction.ts';
import { rowWeights } from './loss/row-weights.ts';
import { upstream } from './loss/upstream.ts';
import { zLoss } from './loss/z-loss.ts';
import { mask } from './mask.ts';
import { scale } from './scale.ts';
import { sink } from './sink.ts';
import { softcap } from './softcap.ts';
import type { Domain, Joining, LossOption, Stage } from './stage.ts';
import { temperature } from './temperature.ts';
import type { Selection } from './values.ts';
import { weights } from './weights.ts';

type Spec<V> = Stage<V> | Joining<V> | LossOption<V>;

/** What the engine knows of each option. */
export const optionSpecs = {
  scale,
  temperature,
  softcap,
  bias,
  mask,
  weights,
  sink,
  reduction,
  ignoreIndex,
  classWeights,
  rowWeights,
  labelSmoothing,
  zLoss,
  probabilities,
  upstream,
} as const satisfies {
  readonly [O in OptionName]-?: Spec<NonNullable<Options[O]>>;
};

/** The names of all options, in their order. */
export const optionNames = Object.keys(optionSpecs) as readonly OptionName[];

/** Those of the scores, which every operation may take. */
export const scoreNames = optionNames.filter((name): name is ScoreName => {
  const spec = optionSpecs[name] as Spec<unknown>;
  return spec.kind !== 'loss' && spec.of === undefined;
});

/** Those of a loss and its gradient. */
export const lossNames = optionNames.filter((name): name is LossName => optionSpecs[name].kind === 'loss');

/** The options that an operation may take. */
export function optionsFor(operation: Operation): readonly OptionName[] {
  const isOf = (name: OptionName): boolean => {
    const spec = optionSpecs[name] as Spec<unknown>;
    if (spec.kind === 'loss')
      return usesTargets(operation) && !(name === 'upstream' && answersBatch(operation));
    return spec.of?.includes(operation) ?? true;
  };
  return optionNames.filter(isOf);
}

/** Whether the operation may take those of the options that are of scores. */
export function takesScores(operation: Operation, options: Options = {}): boolean {
  const taken = optionsFor(operation);
  return optionNames.every(
    (name) => options[name] === undefined || optionSpecs[name].kind === 'loss' || taken.includes(name),
  );
}

/** An option with its value. `V` is the type of both. */
export interface Given<S> {
  readonly spec: S;
  readonly value: unknown;
}

/** The options that are given and may change something, in their order; each stage as what kernels have in its place, of what `otherwise` makes of its value, where that is given. */
export function given(
  options: Options,
  otherwise: ((value: unknown) => unknown) | null = null,
): {
  readonly stages: Given<Stage<unknown>>[];
  readonly joining: Given<Joining<unknown>>[];
} {
  const stages: Given<Stage<unknown>>[] = [];
  const joining: Given<Joining<unknown>>[] = [];
  for (const name of optionNames) {
    const spec = optionSpecs[name] as Spec<unknown>;
    const value = options[name];
    if (value === undefined || spec.kind === 'loss' || value === spec.neutral) continue;
    if (spec.kind === 'joining') joining.push({ spec, value });
    else stages.push(stageOf(spec, value, otherwise));
  }
  return { stages, joining };
}

function stageOf(
  spec: Stage<unknown>,
  value: unknown,
  otherwise: ((value: unknown) => unknown) | null,
): Given<Stage<unknown>> {
  const { otherwise: other } = spec;
  if (other === undefined || (otherwise === null && !other.isSame(value))) return { spec, value };
  return { spec: other.stage, value: other.value(otherwise === null ? value : otherwise(value)) };
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

/** Which rows are ignored: the first, the last, all but one, all, few, some. */
export function drawIgnored(random: Random, rows: number): Uint8Array {
  const kind = random.below(7);
  const one = random.below(rows);
  const isIgnored = (r: number): boolean => {
    if (kind === 0) return r === 0;
    if (kind === 1) return r === rows - 1;
    if (kind === 2) return r !== one;
    if (kind === 3) return true;
    return kind === 4 ? random.chance(0.05) : random.chance(0.4);
  };
  return new Uint8Array(rows).map((_, r) => Number(isIgnored(r)));
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

/** The options that are one value for all of a batch, of whatever shape; undefined where there are none. */
export function scalarsOf({ options = {} }: Batch): Options | undefined {
  const scalars = Object.entries(options).filter(([, value]) => isScalar(value));
  return scalars.length === 0 ? undefined : Object.fromEntries(scalars);
}

/** What logits are multiplied by, nearly. */
export function factorOf({ scale = 1, temperature = 1 }: Options): number {
  return scale / temperature;
}

/** What dz / dx comes to by options. */
export interface Steepness {
  /** Its largest magnitude. */
  readonly steepest: number;
  /** By how much products of some of its factors may enlarge a number, in whatever order. */
  readonly enlarged: number;
}

/** The steepness of these options. */
export function steepnessOf(options: Options): Steepness {
  let [steepest, enlarged] = [1, 1];
  for (const { spec, value } of given(options).stages) {
    const most = spec.slope?.most(value) ?? 1;
    steepest *= most;
    enlarged *= Math.max(1, most);
  }
  return { steepest, enlarged };
}
