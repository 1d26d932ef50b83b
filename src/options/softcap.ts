/**
 * softcap c: y = c tanh(x / c). An infinite x gives c with its sign.
 *
 * Exactly: with e = e^-2|x/c|, |y| = c - 2 c e / (1 + e), which loses no more than an absolute c 10^(1-W) with W digits: of W = P + 50,
 * for c < 10^39, 10^-(P + 9). Beyond 2|x/c| = 900 e gives way to 10^-391, which like e is in (0, e^-900]: y stays short of c.
 * dy / dx = 4 e / (1 + e)^2, without cancellation, to some 900 10^(1-W) relative, which the exponent's rounding costs.
 *
 * In double precision x is a product of two FP32 values, or k v off relative, where it is a quotient. Math.tanh is within 4 ulp <= 8v, which sentinels.ts
 * checks; the quotient v, of condition at most 1 in tanh, as x itself; the product v: (10 + k) v relative, and 11 + k with second orders.
 * dy / dx: with k up to 2, 2|x/c| is within 4v relative, so e within (8|x/c| + 4) v, and 1 + e, its square, the product and the quotient 6 more: (8|x/c| + 11) v.
 * Beyond 2|x/c| = 580 it is in (0, 10^-251], and 10^-251 stands for it: no product with a scale underflows, 0 is exact.
 *
 * By a profile's arithmetic, with w = x / c, t = tanh w and its u: x / c may be x fl(s / c), or fl(s x) / c, of two roundings; each costs tanh the condition
 * k = 2w / sinh 2w <= 1, tanh its own, the product u. So y is off by (kappa_t + 1 + 2k) u |y| and c times tanh's absolute error;
 * eta of x comes through with dy / dx at most near x, and is taken whole. Where t is below the normal range, the quotient and tanh lose a floor each, of which
 * c makes c floors, and the product one where y is: at [4e-38] beside c = 30, 4u relative are not enough.
 * dy / dx = 1 - t^2: the error of t twice, 2 |t|, u t^2 of its square; that of w, 2u |w|, by 2 |t| dy/dx; and five roundings of a gradient's products with c,
 * 1 - t^2 and 1 / c, of the difference itself and one to spare: ((2 kappa_t + 1) t^2 + 4 |w t| dy/dx + 5 dy/dx) u, and 2 |t| times the absolute error.
 * With second orders, 1 + 16 u times that. Arithmetic of fewer digits than FP32 rounds c as well, which is u more of w.
 * Of tensors w, t, t^2, the difference and the products are stored, which is (3 t^2 + 4 |w t| dy/dx + 4 dy/dx) u' with the u' of the storage.
 */
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../float32/constants.ts';
import { fp32 } from '../formats/index.ts';
import { type Decimal, decimalOf, Wide, ZERO } from '../row/decimal.ts';
import { elementary } from '../row/elementary.ts';
import { UserError } from '../text/errors.ts';
import { checkedNumber, type Stage } from './stage.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** Of Gemma 2 and Grok, and what caps all or next to nothing. */
const usual = [30, 50, 30, 50, 1, 10, 1000, 1e-3];

/** The digits by which W is more than P. */
const MORE_DIGITS = 50;

/** 2|x/c| from which e gives way to a number as small as it. */
const LARGEST = 900;
const VANISHING = new Wide('1e-391');

/** The same of the slope in double precision. */
const LARGEST_IN_DOUBLE = 580;
const VANISHING_SLOPE = 1e-251;

/** e^-2|x/c| in W digits. */
function decay(x: Decimal, c: number, digits: number): Decimal {
  const { Decimal: D, expNegative } = elementary(digits + MORE_DIGITS);
  const exponent = D.div(x.abs().times(2), decimalOf(c));
  return exponent.gt(LARGEST) ? VANISHING : expNegative(exponent);
}

/** See {@link Stage}. */
export const softcap: Stage<number> = {
  kind: 'stage',
  isReal: true,
  isScalable: true,
  feelsOffset: true,
  ordinary: () => 30,
  checked(value) {
    const c = checkedNumber('softcap', value);
    if (c > 0) return c;
    throw new UserError(`softcap is ${value}: expected a number above 0`);
  },
  neutral: null,
  draw: (random) => Math.fround(random.chance(0.75) ? random.pick(usual) : 2 ** (random.below(14) - 3)),
  simpler: () => [1, 2, 10, 30, 50, 100],
  tiny: () => [1, 2, 0.5],
  select: (c) => c,
  at: (c) => c,
  exact(x, c, digits) {
    const cap = decimalOf(c);
    if (x.isZero() || x.isNaN()) return x;
    if (!x.isFinite()) return x.isNegative() ? cap.neg() : cap;
    const e = decay(x, c, digits);
    const { Decimal: D } = elementary(digits + MORE_DIGITS);
    const short = D.div(e, D.add(e, 1)).times(2).times(cap);
    const size = Wide.sub(cap, short);
    return x.isNegative() ? size.neg() : size;
  },
  isExact: false,
  approximate(x, c, _r, { relative }) {
    for (let i = 0; i < x.length; i++) x[i] = c * Math.tanh(x[i] / c);
    return { relative: 11 + relative, absolute: 0 };
  },
  round: null,
  commutesWithShift: false,
  perturb(eta, x, y, c, { tanh: { relative, absolute }, floor, unit: u, arithmetic }) {
    for (let i = 0; i < eta.length; i++) {
      const twice = 2 * Math.abs(x[i] / c);
      const condition = twice < 1e-3 ? 1 : twice / Math.sinh(twice);
      const size = Math.abs(y[i]);
      const isSmall = size > 0 && Math.min(size, size / c) < 2 * arithmetic.minNormal;
      eta[i] += (relative + 1 + 2 * (condition || 0)) * u * size + c * absolute;
      if (isSmall) eta[i] += (1 + c) * floor;
    }
  },
  slope: {
    exact(x, c, digits) {
      const { Decimal: D } = elementary(digits + MORE_DIGITS);
      if (!x.isFinite()) return ZERO;
      const e = decay(x, c, digits);
      return D.div(D.mul(e, 4), D.add(e, 1).pow(2));
    },
    approximate(x, c, _r, slopes, errors) {
      for (let i = 0; i < x.length; i++) {
        const twice = 2 * Math.abs(x[i] / c);
        if (twice === Number.POSITIVE_INFINITY) {
          slopes[i] = 0;
          errors[i] = 0;
        } else if (twice > LARGEST_IN_DOUBLE) {
          slopes[i] = VANISHING_SLOPE;
          errors[i] = VANISHING_SLOPE;
        } else {
          const e = Math.exp(-twice);
          slopes[i] = (4 * e) / ((1 + e) * (1 + e));
          errors[i] = twice === 0 ? 0 : slopes[i] * (4 * twice + 11) * v;
        }
      }
    },
    cost(x, c, _r, { tanh: { relative, absolute }, stored, unit: u, arithmetic }, costs) {
      const ofQuotient = arithmetic === fp32 ? 4 : 6;
      for (let i = 0; i < x.length; i++) {
        const w = x[i] / c;
        const t = Math.abs(Math.tanh(w));
        const e = Math.exp(-2 * Math.abs(w));
        const slope = (4 * e) / ((1 + e) * (1 + e));
        const ofArgument = slope === 0 ? 0 : ofQuotient * Math.abs(w) * t * slope;
        const ofStorage = stored * u * (3 * t * t + ofArgument + 4 * slope);
        const ofRoundings = u * ((2 * relative + 1) * t * t + ofArgument + 5 * slope);
        costs[i] = (1 + 16 * u) * (ofRoundings + 2 * t * absolute + ofStorage);
      }
    },
    most: () => 1,
  },
};
