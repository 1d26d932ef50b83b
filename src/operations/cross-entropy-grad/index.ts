/** crossEntropyGrad: (p_j - [j = t]) / N. */
import { plain, type RowSpec } from '../operation.ts';
import { approximate } from './approximate.ts';
import { budget } from './budget.ts';
import { exact } from './exact.ts';
import { special } from './special-values.ts';

/** The operation: see {@link RowSpec}. */
export const crossEntropyGrad: RowSpec = {
  ...plain,
  exact,
  approximate,
  most: (_row, _i, { share }) => share,
  budget,
  special,
  masked: 0,
  derivative: ({ probabilities: p }, i, { target, share }) => (i === target ? 1 - p[i] : p[i]) * share,
  isInRange: (got) => Math.abs(got) <= 1,
  roundsToPlusZero: (i, target) => i !== target,
  isRelative: (i, target) => i !== target,
  unit: (_, { share }) => share,
};
