/**
 * scale s: y = s x.
 *
 * A product of two FP32 values has 48 bits, and is exact in double precision; s x with s = 0 is 0 of every finite x.
 * dy / dx = s. Its product with a gradient is one rounding, and two where it comes as 1 / temperature or through log2 e; of tensors it is stored, as the
 * gradient before it.
 */
import { decimalOf, Wide } from '../row/decimal.ts';
import { checkedNumber, type Stage } from './stage.ts';

/** 1 / sqrt(d) of heads of 128 and of 64, temperatures, and what makes logits overflow, vanish or all alike. */
const usual = [128 ** -0.5, 0.125, 0.5, 2, 0.7, 1 / 3, 1e-3, 100, 1e6, 0];

/** See {@link Stage}. */
export const scale: Stage<number> = {
  kind: 'stage',
  isReal: true,
  isScalable: true,
  feelsOffset: false,
  ordinary: () => 0.5,
  checked: (value) => checkedNumber('scale', value),
  neutral: 1,
  draw: (random) => {
    const size = random.chance(0.75) ? random.pick(usual) : 2 ** (random.below(17) - 8) * (1 + random.unit());
    return Math.fround(random.chance(1 / 8) ? -size : size);
  },
  simpler: () => [2, -1, 0.5, 4, 0.25, 10, 0.125, 100, 0],
  tiny: () => [2, -1, 0.5],
  select: (s) => s,
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
    cost: (_x, s, _r, { stored, unit }, costs) => costs.fill(2 * (1 + stored) * unit * Math.abs(s)),
    most: Math.abs,
  },
};
