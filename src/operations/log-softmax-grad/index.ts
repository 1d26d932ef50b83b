/** logSoftmaxGrad: g_i - p_i sum_j g_j. */
import { nothing, plain, type RowSpec, UPSTREAM } from '../operation.ts';
import { approximate } from './approximate.ts';
import { budget } from './budget.ts';
import { exact } from './exact.ts';
import { special } from './special-values.ts';

/** The operation: see {@link RowSpec}. */
export const logSoftmaxGrad: RowSpec = {
  ...plain,
  exact,
  approximate,
  most: (_row, _i, { upstream }) => 2 * (upstream?.magnitude ?? Number.NaN),
  budget,
  special,
  masked: UPSTREAM,
  derivative: ({ probabilities: p }, i, { upstream }) =>
    upstream === null ? Number.NaN : Math.abs(upstream.values[i]) + p[i] * Math.abs(upstream.total),
  isInRange: () => true,
  roundsToPlusZero: () => true,
  unit: (_, { upstream }) => upstream?.magnitude ?? 1,
  intermediates(_row, _i, { upstream }) {
    return upstream === null ? nothing : { named: upstream.total, most: upstream.magnitude };
  },
};
