/** Known ways to be wrong, each a faulty definition. Those that differ by a number are one way with several. */
import type { CompleteKernel } from '../core/kernel.ts';
import { naive } from '../kernels/naive.ts';
import type { Hypothesis } from './hypothesis.ts';
import { exponentials } from './known/exponentials.ts';
import { logarithms } from './known/logarithms.ts';
import { losses } from './known/losses.ts';
import { maxima } from './known/maxima.ts';
import { products } from './known/products.ts';
import { rows } from './known/rows.ts';
import { sums } from './known/sums.ts';
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

/** The kernels of all; that without a maximum also as the naive kernel, which is e^x / S, -ln p and what autograd makes of these. */
export const faultyKernels: readonly { readonly words: string; readonly kernel: CompleteKernel }[] = [
  { words: 'subtracts no maximum', kernel: naive },
  ...hypotheses.map(({ words, changes }) => ({ words, kernel: kernelWith(changes) })),
];
