/** Known ways to be wrong, each a faulty definition. Those that differ by a number are one way with several. */
import type { Batch } from '../core/batch.ts';
import { naive } from '../kernels/naive.ts';
import { conventions } from './conventions.ts';
import type { FaultyKernel, Hypothesis } from './hypothesis.ts';
import { exponentials } from './known/exponentials.ts';
import { labels } from './known/labels.ts';
import { logarithms } from './known/logarithms.ts';
import { losses } from './known/losses.ts';
import { masks } from './known/masks.ts';
import { maxima } from './known/maxima.ts';
import { products } from './known/products.ts';
import { reductions } from './known/reductions.ts';
import { rowWeights } from './known/row-weights.ts';
import { rows } from './known/rows.ts';
import { scales } from './known/scales.ts';
import { sums } from './known/sums.ts';
import { temperatures } from './known/temperatures.ts';
import { zLosses } from './known/z-loss.ts';
import { precise } from './steps.ts';
import { kernelOf } from './wrong.ts';

/** Those of a kernel without options, the simplest of a kind first. */
const ofRows: readonly Hypothesis[] = [
  ...maxima,
  ...sums,
  ...logarithms,
  ...exponentials,
  ...losses,
  ...products,
  ...rows,
];

/** Those of options, the simplest of an option first. */
const ofOptions: readonly Hypothesis[] = [
  ...scales,
  ...temperatures,
  ...masks,
  ...zLosses,
  ...rowWeights,
  ...labels,
  ...reductions,
];

/** Every one. */
export const hypotheses: readonly Hypothesis[] = [...ofRows, ...ofOptions];

/** The kernels of all; that without a maximum also as the naive kernel, which is e^x / S, -ln p and what autograd makes of these. */
export const faultyKernels: readonly FaultyKernel[] = [
  { ...hypotheses[0], kernel: naive },
  ...hypotheses.map((hypothesis) => ({ ...hypothesis, kernel: kernelOf(hypothesis) })),
];

/** Those of masks by the other conventions, of which a batch without a mask shows nothing. */
const byConvention: readonly FaultyKernel[] = masks.flatMap((hypothesis) =>
  conventions.slice(1).map((convention) => ({
    ...hypothesis,
    words: (convention.writesZeros && hypothesis.wordsOfZeros) || hypothesis.words,
    kernel: kernelOf({ ...hypothesis, changes: convention.with(hypothesis.changes) }),
  })),
);

/** Sums of more numbers in FP32 and in double precision are further apart than two right ways to compute one: by up to 2^-24 of the sum for each. */
const MOST_ALIKE = 64;

/** Those of rows with sums in double precision, but where the sum itself is wrong. */
const withPreciseSums: readonly FaultyKernel[] = ofRows
  .filter(({ changes }) => changes.add === undefined && changes.total === undefined)
  .map((hypothesis) => ({ ...hypothesis, kernel: kernelOf(hypothesis, precise) }));

/** The kernels that may explain what was answered to batches: where they have masks or biases those of each convention, of long rows those with sums in double precision, too. */
export function faultyKernelsFor(
  batches: readonly Pick<Batch, 'cols' | 'options'>[],
): readonly FaultyKernel[] {
  const areMasked = batches.some(({ options }) => options?.mask !== undefined || options?.bias !== undefined);
  const areLong = batches.some(({ cols }) => cols > MOST_ALIKE);
  return [...faultyKernels, ...(areMasked ? byConvention : []), ...(areLong ? withPreciseSums : [])];
}
