/** crossEntropy: the mean over the rows of lse - x_t. */
import type { LossSpec } from '../operation.ts';
import { approximate } from './approximate.ts';
import { budget } from './budget.ts';
import { exact } from './exact.ts';
import { special } from './special-values.ts';

/** The operation: see {@link LossSpec}. */
export const crossEntropy: LossSpec = {
  exact,
  approximate,
  budget,
  special,
  intermediates(rows, targets) {
    const losses = rows.map((row, r) => row.gaps[targets[r]] + row.logSum);
    return {
      named: losses.reduce((most, loss) => Math.max(most, loss), 0),
      most: losses.reduce((sum, loss) => sum + loss, 0),
    };
  },
  standing: null,
  isInRange: (got) => got >= 0,
  unit: (value) => Math.max(1, Math.abs(value)),
};
