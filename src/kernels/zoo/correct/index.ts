/** Correct designs: whatever they are given, a judge has nothing to say. */
import type { Design } from './design.ts';
import { expDesigns } from './exps.ts';
import { formatDesigns } from './formats.ts';
import { lossDesigns } from './losses.ts';
import { optionDesigns } from './options.ts';
import { sumDesigns } from './sums.ts';

/** Every design. */
export const correctDesigns: readonly Design[] = [
  ...sumDesigns,
  ...expDesigns,
  ...formatDesigns,
  ...optionDesigns,
  ...lossDesigns,
];
