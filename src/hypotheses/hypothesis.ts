/** What is known of a way to be wrong, as plain data, and batches that show one. */
import { type Batch, createBatch } from '../core/batch.ts';
import type { CompleteKernel } from '../core/kernel.ts';
import type { OptionChanges } from '../kernels/options.ts';
import type { Steps } from './steps.ts';

/** A way to be wrong. */
export interface Hypothesis {
  /** What such a kernel does: `answers as a kernel would that …`. */
  readonly words: string;
  /** What it does in these words where what the mask hides is written as 0, if that is another thing. */
  readonly wordsOfZeros?: string;
  /** The steps that it takes wrong. */
  readonly changes: Partial<Steps>;
  /** Those of options. */
  readonly ofOptions?: OptionChanges;
  /** Whether it takes them wrong in gradients alone. */
  readonly isBackward?: boolean;
  /** A small batch on which it is wrong, by one operation at least; made when it is asked for, as some are of long rows. */
  readonly witness: () => Batch;
  /** The only batches on which its answer differs from a right one, where their shape decides that. */
  readonly needs?: Need;
}

/** A kernel that is wrong in one way. */
export interface FaultyKernel extends Pick<Hypothesis, 'words' | 'witness'> {
  readonly kernel: CompleteKernel;
}

/** A condition on the shape of a batch. */
export interface Need {
  /** `rows of over 1024 logits`. */
  readonly words: string;
  readonly isMet: (shape: Pick<Batch, 'rows' | 'cols'>) => boolean;
}

/** Rows of more logits than `count`. */
export const longerThan = (count: number): Need => ({
  words: `rows of over ${count} logits`,
  isMet: ({ cols }) => cols > count,
});

/** More rows than `count`. */
export const moreRowsThan = (count: number): Need => ({
  words: `more than ${count === 1 ? 'one row' : `${count} rows`}`,
  isMet: ({ rows }) => rows > count,
});

/** Rows whose length is no multiple of `width`. */
export const noMultipleOf = (width: number): Need => ({
  words: `rows that are no multiple of ${width} long`,
  isMet: ({ cols }) => cols % width !== 0,
});

/** A row of `cols` logits: 0, but for those that are given by their index. */
export function rowWith(cols: number, logits: Readonly<Record<number, number>> = {}, target = 0): Batch {
  const row = new Float32Array(cols);
  for (const [i, x] of Object.entries(logits)) row[Number(i)] = x;
  return createBatch(1, cols, row, [target]);
}

/** Rows of `cols` logits that are 0. */
export function rowsOfZeros(rows: number, cols: number, target = 0): Batch {
  return createBatch(rows, cols, new Float32Array(rows * cols), new Int32Array(rows).fill(target));
}
