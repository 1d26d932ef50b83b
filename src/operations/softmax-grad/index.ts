/** softmaxGrad: p_i (g_i - sum_j g_j p_j). */
import { nothing, plain, type RowSpec } from '../operation.ts';
import { approximate } from './approximate.ts';
import { budget } from './budget.ts';
import { exact } from './exact.ts';
import { special } from './special-values.ts';

/** The operation: see {@link RowSpec}. */
export const softmaxGrad: RowSpec = {
  ...plain,
  exact,
  approximate,
  most: (_row, _i, { upstream }) => 2 * (upstream?.largest ?? Number.NaN),
  budget,
  special,
  masked: 0,
  derivative: ({ probabilities: p }, i, { upstream }) =>
    upstream === null ? Number.NaN : p[i] * (Math.abs(upstream.values[i]) + upstream.meanMagnitude),
  isInRange: () => true,
  roundsToPlusZero: () => true,
  unit: (_, { upstream }) => upstream?.largest ?? 1,
  intermediates(_row, i, { upstream }) {
    if (upstream === null) return nothing;
    const { values, origin, rest, largest } = upstream;
    return { named: values[i] - origin - rest, most: 2 * largest };
  },
};
