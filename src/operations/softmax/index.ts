/** softmax: p_i = e^(x_i - lse). */
import { plain, type RowSpec } from '../operation.ts';
import { approximate } from './approximate.ts';
import { budget } from './budget.ts';
import { exact } from './exact.ts';
import { glance } from './glance.ts';
import { special } from './special-values.ts';

/** The operation: see {@link RowSpec}. */
export const softmax: RowSpec = {
  ...plain,
  exact,
  approximate,
  most: () => 1,
  budget,
  special,
  masked: 0,
  isInRange: (got) => got >= 0 && got <= 1,
  isNeverNegative: true,
  roundsToPlusZero: () => true,
  isRelative: () => true,
  unit: () => 1,
  glance,
};
