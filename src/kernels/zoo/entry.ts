/** What the zoo says of each of its faulty kernels, as plain data. */
import { type Batch, createBatch } from '../../core/batch.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Operation } from '../../core/operation.ts';
import type { Declaration } from '../../core/target.ts';

/** Classes of faults, one a file of the zoo. */
export const faultClasses = [
  'max',
  'sentinels',
  'masks',
  'exponentials',
  'summation',
  'online',
  'tails',
  'logarithms',
  'losses',
  'gradients',
  'products',
  'formats',
  'contract',
  'laws',
  'options',
] as const;

/** One of {@link faultClasses}. */
export type FaultClass = (typeof faultClasses)[number];

/**
 * How rare the inputs are that show a fault, among logits as tests usually have them: `easy` ones fail on most, `medium` ones
 * for some shapes or targets, `hard` ones need a value or a length that nobody tries by chance, `very hard` ones two of these.
 */
export type Difficulty = 'easy' | 'medium' | 'hard' | 'very hard';

/** One faulty kernel: the mutation of a correct one. */
export interface ZooEntry {
  /** Unique, and never used again. Z, L, C and B are recipes of the project's catalogue of reports, Y the zoo's own. */
  readonly id: string;
  readonly name: string;
  /** The report it is modelled on, `owner/name#number`; null where none was read. */
  readonly models: string | null;
  readonly class: FaultClass;
  readonly difficulty: Difficulty;
  readonly operation: Operation;
  /** What the kernel does, and what it should do. */
  readonly fault: string;
  /** What the kernel promises. */
  readonly declaration: Declaration;
  /** The bucket that it must be found in: it names the kind of violation or the law, and so the property that is broken. */
  readonly bucket: string;
  /** The smallest batch known to fail in that bucket. */
  readonly counterexample: Batch;
  /** The operation alone. */
  readonly kernel: Kernel;
}

/** An entry of {@link inClass}: its class is left out, and its declaration where it adds a row in one accumulator. */
type Described = Omit<ZooEntry, 'class' | 'declaration'> & { readonly declaration?: Declaration };

/** The entries of one class. */
export function inClass(faultClass: FaultClass, entries: readonly Described[]): readonly ZooEntry[] {
  return entries.map((entry) => ({
    class: faultClass,
    declaration: { profile: 'sequential' },
    ...entry,
  }));
}

/** A batch of equal logits. */
export function filled(rows: number, cols: number, value: number, targets?: readonly number[]): Batch {
  return createBatch(rows, cols, new Float32Array(rows * cols).fill(value), targets);
}
