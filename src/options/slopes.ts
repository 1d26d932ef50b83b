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
    const [values, errors] = [new Float64Array(cols), new Float64Array(cols)];
    slope.approximate(x, value, r, values, errors);
    return [{ slope, value, r, x, values, errors }];
  });
  if (sloped.length === 0) return null;
  const { values, errors } = sloped.length === 1 ? sloped[0] : sloped.reduce(product, ones(cols));
  return {
    values,
    errors,
    costs: keep((profile: Profile) => {
      const costs = sloped.map(({ slope, value, r, x, values }) => {
        const own = new Float64Array(cols);
        slope.cost(x, value, r, profile, own);
        return { values, costs: own };
      });
      return sloped.length === 1 ? costs[0].costs : costOfProduct(costs, cols);
    }),
  };
}

/** Slopes of one stage, or of several one behind the other. */
type Errors = Pick<Slopes, 'values' | 'errors'>;

function ones(cols: number): Errors {
  return { values: new Float64Array(cols).fill(1), errors: new Float64Array(cols) };
}

/** The slopes of what comes before a stage become those of what comes behind it. */
function product(before: Errors, own: Errors): Errors {
  const { values, errors } = before;
  for (let i = 0; i < values.length; i++) {
    const first = values[i];
    const second = own.values[i];
    const isExactly0 = (first === 0 && errors[i] === 0) || (second === 0 && own.errors[i] === 0);
    const ofOwn = Math.abs(first) * own.errors[i] + (Math.abs(second) + own.errors[i]) * errors[i];
    values[i] = isExactly0 ? 0 : first * second;
    errors[i] = isExactly0 ? 0 : ofOwn + (first === 1 || second === 1 ? 0 : v * Math.abs(values[i]));
  }
  return before;
}

/** What FP32 may lose of the product of stages' slopes. */
function costOfProduct(
  stages: readonly { readonly values: Float64Array; readonly costs: Float64Array }[],
  cols: number,
): Float64Array {
  const costs = new Float64Array(cols);
  const sizes = new Float64Array(cols).fill(1);
  for (const own of stages) {
    for (let i = 0; i < cols; i++) {
      const size = Math.abs(own.values[i]);
      const isExactly0 = size === 0 && own.costs[i] === 0;
      costs[i] = isExactly0 ? 0 : costs[i] * (size + own.costs[i]) + sizes[i] * own.costs[i];
      sizes[i] = isExactly0 ? 0 : sizes[i] * size;
    }
  }
  return costs;
}
