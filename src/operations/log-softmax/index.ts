/** logSoftmax: x_i - lse. */
import { plain, type RowSpec } from '../operation.ts';
import { approximate } from './approximate.ts';
import { budget } from './budget.ts';
import { exact } from './exact.ts';
import { special } from './special-values.ts';

/** The operation: see {@link RowSpec}. */
export const logSoftmax: RowSpec = {
  ...plain,
  exact,
  approximate,
  most: (row, i) => row.gaps[i] + 4 * row.maxError + Math.log(row.gaps.length) + 1,
  budget,
  special,
  masked: Number.NEGATIVE_INFINITY,
  isInRange: (got) => got <= 0,
  unit: (value) => Math.max(1, Math.abs(value)),
};
