/** logSumExp: lse = m + ln S. */
import { plain, type RowSpec } from '../operation.ts';
import { approximate } from './approximate.ts';
import { budget } from './budget.ts';
import { exact } from './exact.ts';
import { glance } from './glance.ts';
import { special } from './special-values.ts';

/** The operation: see {@link RowSpec}. */
export const logSumExp: RowSpec = {
  ...plain,
  exact,
  approximate,
  most: (row) => Math.abs(row.max) + row.maxError + Math.log(row.gaps.length) + 1,
  least: (row) => Math.abs(row.max) - row.maxError - Math.log(row.gaps.length) - 1,
  budget,
  special,
  glance,
  masked: null,
  isInRange: () => true,
  unit: (value) => Math.max(1, Math.abs(value)),
};
