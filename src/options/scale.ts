/**
 * scale s: y = s x.
 *
 * A product of two FP32 values has 48 bits, and is exact in double precision; s x with s = 0 is 0 of every finite x.
 * dy / dx = s. Its product with a gradient is one rounding, and two where it comes as 1 / temperature or through log2 e.
 */
import { UNIT_ROUNDOFF } from '../float32/constants.ts';
import { decimalOf, Wide } from '../row/decimal.ts';
import { checkedNumber, type Stage } from './stage.ts';

/** See {@link Stage}. */
export const scale: Stage<number> = {
  joins: false,
  checked: (value) => checkedNumber('scale', value),
  neutral: 1,
  at: (s) => s,
  exact: (x, s) => Wide.mul(x, decimalOf(s)),
  isExact: true,
  approximate(x, s, _r, bound) {
    for (let i = 0; i < x.length; i++) x[i] *= s;
    return bound;
  },
  round(x, s) {
    for (let i = 0; i < x.length; i++) x[i] = Math.fround(x[i] * s);
  },
  commutesWithShift: true,
  perturb: null,
  slope: {
    exact: (_x, s) => decimalOf(s),
    approximate(_x, s, _r, slopes, errors) {
      slopes.fill(s);
      errors.fill(0);
    },
    cost: (_x, s, _r, _profile, costs) => costs.fill(2 * UNIT_ROUNDOFF * Math.abs(s)),
    most: Math.abs,
  },
};
