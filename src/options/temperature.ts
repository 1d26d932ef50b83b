/**
 * temperature t: y = x / t.
 *
 * A quotient has no end in general: exactly, it is computed with so many digits that what comes behind it, a softcap, loses none of those that are asked. |y| < 2^256 < 10^78, and
 * the slope of a softcap c > 10^-45 is off by 2 / c of its argument's error: with P + 130 digits by 10^(78 - P - 130 + 45 + 1) < 10^-P.
 * A quotient that ends, as 9 / 3 does, and by which an answer may be a tie, has less than so many digits, and is exact where it is taken for so (ziv.ts).
 *
 * In double precision one rounding, v |y|, whatever x is off by relative.
 *
 * Many kernels multiply by 1 / t instead, rounded: PyTorch on a GPU, and what has 1 / t for a constant. That is a scale, and read as one (readings.ts). No reading has a division that is not correctly rounded:
 * where a profile grants one, kappa_d u of its division, so much u |y| are granted, also for a product with such an inverse, of one rounding more than the inverse itself.
 * It is the same of a power of two. t is such that 1 / t is in the normal range. dy / dx = 1 / t; its product with a gradient is one rounding, and two by the inverse; kappa_d + 1 of such a division.
 */
import { keep } from '../core/keep.ts';
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../float32/constants.ts';
import { cloneOf, type Decimal, decimalOf } from '../row/decimal.ts';
import type { Profile } from '../row/profile.ts';
import { UserError } from '../text/errors.ts';
import { scale } from './scale.ts';
import { checkedNumber, type Stage } from './stage.ts';

/** Of samplers, sqrt(d) of heads of 128, 80 and 64, of contrastive losses, and what makes logits overflow, vanish or all alike. */
const usual = [0.7, 128 ** 0.5, 80 ** 0.5, 8, 0.07, 1.5, 3, 0.1, 1e-3, 1e6];

/** The digits by which a quotient has more than are asked. */
const MORE_DIGITS = 130;

const withDigits = keep((digits: number) => cloneOf(digits + MORE_DIGITS));

/** 1 / t is in the normal range too. */
const LEAST = 2 ** -126;
const MOST = 2 ** 126;

/** The cost of a division that is rounded correctly, and of one by the rounded inverse. */
const ROUNDED = 2;

/** eta of what a factor makes of it, with what a profile grants to the quotient beyond a rounding that is read. What is infinite is so exactly. */
function perturb(eta: Float64Array, y: Float64Array, factor: number, { division, unit }: Profile): void {
  const lost = division > ROUNDED ? division * unit : 0;
  for (let i = 0; i < eta.length; i++) {
    const size = Math.abs(y[i]);
    eta[i] = size < Number.POSITIVE_INFINITY ? factor * eta[i] + lost * size : 0;
  }
}

/** Multiplied by fl(1 / t): a product of a scale's result is no exact one in double precision. */
const byInverse: Stage<number> = {
  ...scale,
  approximate(x, inverse, r, bound) {
    const { relative, absolute } = scale.approximate(x, inverse, r, bound);
    return { relative: relative + 1, absolute };
  },
  perturb: (eta, _x, y, inverse, profile) => perturb(eta, y, inverse, profile),
};

/** See {@link Stage}. */
export const temperature: Stage<number> = {
  kind: 'stage',
  isReal: true,
  isScalable: true,
  feelsOffset: false,
  ordinary: () => 2,
  checked(value) {
    const t = checkedNumber('temperature', value);
    if (t >= LEAST && t <= MOST) return t;
    const expected = t > 0 ? 'from 2^-126 to 2^126, of which 1 / x is a normal number' : 'above 0';
    throw new UserError(`temperature is ${value}: expected a number ${expected}`);
  },
  neutral: 1,
  draw: (random) =>
    Math.fround(random.chance(0.75) ? random.pick(usual) : 2 ** (random.below(17) - 8) * (1 + random.unit())),
  simpler: () => [2, 0.5, 4, 0.25, 3, 10, 8, 100],
  tiny: () => [2, 0.5, 3],
  select: (t) => t,
  at: (t) => t,
  exact: quotient,
  isExact: false,
  approximate(x, t, _r, { relative, absolute }) {
    for (let i = 0; i < x.length; i++) x[i] /= t;
    return { relative: relative + 1, absolute: absolute / t };
  },
  round(x, t) {
    for (let i = 0; i < x.length; i++) x[i] = Math.fround(x[i] / t);
  },
  otherwise: {
    stage: byInverse,
    value: (t) => Math.fround(1 / t),
    isSame: (t) => Math.fround(1 / t) * t === 1,
  },
  commutesWithShift: true,
  perturb: (eta, _x, y, t, profile) => perturb(eta, y, 1 / t, profile),
  slope: {
    exact: (_x, t, digits) => quotient(decimalOf(1), t, digits),
    approximate(_x, t, _r, slopes, errors) {
      slopes.fill(1 / t);
      errors.fill(UNIT_ROUNDOFF_OF_DOUBLE / t);
    },
    cost(_x, t, _r, { stored, unit, division }, costs) {
      const roundings = division > ROUNDED ? division + 1 : 2;
      costs.fill((roundings * (1 + stored) * unit) / t);
    },
    // Of the rounded inverse too.
    most: (t) => (1 + 2 ** -23) / t,
  },
};

function quotient(x: Decimal, t: number, digits: number): Decimal {
  return withDigits(digits).div(x, decimalOf(t));
}
