/**
 * A loss with options: of each row sum_j q_j (d_j + L) + zLoss lse^2 (options/loss/terms.ts), over what the mean divides by, or as it is.
 */
import type { LossTerms } from '../../../options/loss/terms.ts';
import type { LossSpec } from '../../operation.ts';
import { special } from '../special-values.ts';
import { approximate } from './approximate.ts';
import { budget } from './budget.ts';
import { exact } from './exact.ts';
import { intermediates } from './intermediates.ts';
import { standing } from './standing.ts';

/** The loss of a batch with these terms. */
export function lossWithOptions(terms: LossTerms): LossSpec {
  return {
    exact: (rows, _targets, k) => exact(terms, rows, k),
    approximate: (rows, _targets, k) => approximate(terms, rows, k),
    budget: (costs, _targets, profile, k) => budget(terms, costs, profile, k),
    intermediates: (rows, _targets, k) => intermediates(terms, rows, k),
    special,
    standing: (rows, k, got) => standing(terms, rows, k, got),
    isInRange: (got) => got >= 0,
    unit: (value) => Math.max(1, Math.abs(value)),
  };
}
