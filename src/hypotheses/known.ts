/** Known ways to be wrong, each a faulty definition. Those that differ by a number are one way with several. */
import { naive } from '../kernels/naive.ts';
import type { FaultyKernel, Hypothesis } from './hypothesis.ts';
import { exponentials } from './known/exponentials.ts';
import { labels } from './known/labels.ts';
import { logarithms } from './known/logarithms.ts';
import { losses } from './known/losses.ts';
import { maxima } from './known/maxima.ts';
import { products } from './known/products.ts';
import { reductions } from './known/reductions.ts';
import { rows } from './known/rows.ts';
import { scoreHypotheses } from './known/scores.ts';
import { sums } from './known/sums.ts';
import { zLosses } from './known/z-loss.ts';
import { kernelWith } from './steps.ts';

/** Every one, the simplest of a kind first. */
export const hypotheses: readonly Hypothesis[] = [
  ...maxima,
  ...sums,
  ...logarithms,
  ...exponentials,
  ...losses,
  ...products,
  ...rows,
];

/** Those of options. */
export const optionHypotheses: readonly FaultyKernel[] = [
  ...scoreHypotheses,
  ...zLosses,
  ...labels,
  ...reductions,
];

/** The kernels of all; that without a maximum also as the naive kernel, which is e^x / S, -ln p and what autograd makes of these. */
export const faultyKernels: readonly FaultyKernel[] = [
  { ...hypotheses[0], kernel: naive },
  ...hypotheses.map(({ words, witness, changes }) => ({ words, witness, kernel: kernelWith(changes) })),
  ...optionHypotheses,
];
