/** What parameters of options are given for a call. */
import type { Batch } from '../../core/batch.ts';
import type { Options, Reduction } from '../../core/options.ts';
import { type OptionRole, optionOf } from './options.ts';

/** The options that are arrays, or none. */
type ArrayRole = 'mask' | 'bias' | 'weights' | 'classWeights' | 'rowWeights' | 'probabilities';

/** The numbers that stand for an option that a call does not have; an upstream value is 1 in arrays too. Of indices to ignore it is PyTorch's, which is no class. */
const neutral: Readonly<Record<Exclude<OptionRole, ArrayRole | 'reduction'>, number>> = {
  scale: 1,
  temperature: 1,
  softcap: 0,
  sink: Number.NEGATIVE_INFINITY,
  ignoreIndex: -100,
  labelSmoothing: 0,
  zLoss: 0,
  lossUpstream: 1,
};

/** Whether a number in a prototype is that of no option: an index to ignore is one, whatever it is. */
export function isNeutral(role: OptionRole, value: number): boolean {
  return role !== 'ignoreIndex' && Object.is(neutral[role as keyof typeof neutral], value);
}

/** How many numbers the array of an option has. */
export function lengthOfOption(role: OptionRole, rows: number, cols: number): number {
  if (role === 'classWeights') return cols;
  return ['sink', 'rowWeights', 'lossUpstream'].includes(role) ? rows : rows * cols;
}

/** Whether the array of an option has parts of each row's own. */
export function isByRow(role: OptionRole): boolean {
  return role !== 'classWeights';
}

/** Whether there is an array of the option in a call: without it, it is NULL. */
export function hasArray(role: OptionRole, options: Options | undefined): boolean {
  return role === 'lossUpstream' || options?.[optionOf(role)] !== undefined;
}

/** The numbers of an array of an option that the call {@link hasArray | has}. */
export function numbersOf(
  role: OptionRole,
  { options, rows, cols, layout }: Batch,
): Float32Array | Uint8Array {
  const value = options?.[optionOf(role)] ?? neutral[role as keyof typeof neutral];
  const length = lengthOfOption(role, rows, cols);
  if (typeof value === 'number') return new Float32Array(length).fill(value);
  const cells = value as Float32Array | Uint8Array;
  if (cells.length === length) return cells;
  const inner = layout !== undefined && 'inner' in layout ? layout.inner : 1;
  const cellOf = (k: number): number => cells[Math.floor(k / inner) % cols];
  return cells.constructor === Uint8Array
    ? Uint8Array.from({ length }, (_, k) => cellOf(k))
    : Float32Array.from({ length }, (_, k) => cellOf(k));
}

/** The number of an option at row `r`; a reduction is its place in `reductions`. */
export function numberOf(
  role: OptionRole,
  options: Options | undefined,
  r: number,
  reductions: readonly Reduction[],
): number {
  if (role === 'reduction') return reductions.indexOf(options?.reduction ?? 'mean');
  const value = options?.[optionOf(role)];
  if (value === undefined) return neutral[role as keyof typeof neutral];
  return typeof value === 'object' ? value[r] : (value as number);
}
