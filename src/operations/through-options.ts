/**
 * A derivative by logits before the options: G_i, by the reals z, times J_i = dz_i / dx_i.
 *
 * In double precision, with e the bound of G and f of J: |J| e + (|G| + e) f, and v |G J| for the product. By a profile, with T the budget of G and
 * F what FP32 may lose of J, the product with G included: |J| T + (|G| + T) F. Below the normal range a floor of each, which what comes after it
 * in a product of several may enlarge, by as much as any of J's factors together: G (1 - t^2) is multiplied by a scale, G / t too; and by what p is multiplied by, twice the natural unit at most, where p J is lost, as in (p / t) (g - c).
 */
import { keepLast } from '../core/keep.ts';
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../float32/constants.ts';
import type { Steepness } from '../options/index.ts';
import { timesBound } from '../row/gamma.ts';
import type { RowAnalysis } from '../row/row.ts';
import type { RowSpec } from './operation.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** The operation by logits x, with dz / dx of this steepness; the operation itself where it is no derivative. */
export function throughOptions(spec: RowSpec, { steepest, enlarged }: Steepness): RowSpec {
  const { approximate, budget, derivative } = spec;
  if (derivative === null) return spec;
  const unit = steepest === 0 ? 1 : steepest;
  const slopesIn = keepLast(({ view }: RowAnalysis) => view?.slopes() ?? null);
  return {
    ...spec,
    approximate: {
      value(row, i, inputs) {
        const slopes = slopesIn(row);
        const product = approximate.value(row, i, inputs);
        return slopes === null ? product : product * slopes.values[i];
      },
      error(row, i, value, inputs) {
        const product = approximate.value(row, i, inputs);
        const error = approximate.error(row, i, product, inputs);
        const slopes = slopesIn(row);
        if (slopes === null) return error;
        const ofSlope = (Math.abs(product) + error) * slopes.errors[i];
        return (1 + 2 ** -20) * (Math.abs(slopes.values[i]) * error + ofSlope + v * Math.abs(value));
      },
    },
    most: (row, i, inputs) => spec.most(row, i, inputs) * steepest,
    budget(costs) {
      const allowed = budget(costs);
      const slopes = slopesIn(costs.row);
      if (slopes === null) return allowed;
      return (i, inputs, isQuick) => {
        const own = allowed(i, inputs, isQuick);
        if (isQuick) return timesBound(Math.abs(slopes.values[i]), own);
        const ofSlopes = slopes.costs(costs.profile);
        const size = derivative(costs.row, i, inputs);
        const lost = (1 + size + 2 * spec.unit(0, inputs)) * enlarged * costs.floor;
        return timesBound(Math.abs(slopes.values[i]), own) + timesBound(ofSlopes[i], size + own) + lost;
      };
    },
    isInRange: (got) => spec.isInRange(got / unit),
    roundsToPlusZero: () => false,
    unit: (exact, inputs) => unit * spec.unit(exact / unit, inputs),
  };
}
