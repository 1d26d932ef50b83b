/**
 * dz / dx of a row in double precision: the product of the stages' own. Of J' = J j, with errors e and f of J and j, the error is at most |J| f + |j| e + e f, and
 * v |J j| for its rounding; FP32's costs go on alike. A 0 that is exact makes the product 0, whatever the other is.
 */
import { keep } from '../core/keep.ts';
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../float32/constants.ts';
import type { Profile } from '../row/profile.ts';
import type { Slopes } from '../row/view.ts';
import type { RowStage } from './view.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** The slopes of a row of `cols` logits; null where all are 1. */
export function slopesOf(stages: readonly RowStage[], cols: number): Slopes | null {
  const sloped = stages.flatMap(({ spec: { slope }, value, r, x }) => {
    if (slope === null) return [];
    const values = new Float64Array(cols);
    const errors = new Float64Array(cols);
    slope.approximate(x, value, r, values, errors);
    return [{ slope, value, r, x, values, errors }];
  });
  if (sloped.length === 0) return null;
  const values = new Float64Array(cols).fill(1);
  const errors = new Float64Array(cols);
  for (const { values: own, errors: ownErrors } of sloped) {
    for (let i = 0; i < cols; i++) {
      const [before, after] = [values[i], own[i]];
      const isExactly0 = (before === 0 && errors[i] === 0) || (after === 0 && ownErrors[i] === 0);
      const ofOwn = Math.abs(before) * ownErrors[i] + (Math.abs(after) + ownErrors[i]) * errors[i];
      values[i] = isExactly0 ? 0 : before * after;
      errors[i] = isExactly0 ? 0 : ofOwn + (before === 1 || after === 1 ? 0 : v * Math.abs(values[i]));
    }
  }
  return {
    values,
    errors,
    costs: keep((profile: Profile) => {
      const costs = new Float64Array(cols);
      const own = new Float64Array(cols);
      const sizes = new Float64Array(cols).fill(1);
      for (const { slope, value, r, x, values: ownValues } of sloped) {
        slope.cost(x, value, r, profile, own);
        for (let i = 0; i < cols; i++) {
          const size = Math.abs(ownValues[i]);
          const isExactly0 = size === 0 && own[i] === 0;
          costs[i] = isExactly0 ? 0 : costs[i] * (size + own[i]) + sizes[i] * own[i];
          sizes[i] = isExactly0 ? 0 : sizes[i] * size;
        }
      }
      return costs;
    }),
  };
}
