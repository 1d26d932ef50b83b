/**
 * weights b of a logsumexp: y = x + ln b, so that lse is ln of the sum of b e^x. 0 leaves a logit out, whatever it holds.
 *
 * Exactly, ln b is ln(1 + s) with s = b - 1, or minus that with s = 1 / b - 1, within 160 10^(1-W) of |ln b| < 104 and 10^(1-W) of s (elementary.ts): of W = P + 8, absolute 10^(1-P) / 2.
 *
 * In double precision y is one rounding, v |y|, of a logarithm of 4 v |ln b| <= 416 v, and what x was off by, k |x| + a <= k |y| + 104 k + a.
 *
 * Kernels multiply the weights of the sum, b e^(x - m), with m = max x. With R = max |ln b|, gaps and the logarithm of the sum are off from those of y by R at most: so each logit is off by a rounding of the
 * product and of b's share, and by 8 R for exp's gaps, the logarithm's 4 u and their sum: (2 + 8 R) u; by u |y| for m + ln S also where one logit is left. What is lost below the normal range, of each e^(x - m) and of its
 * product, is n f (1 + max b) of the sum, which is e^(max y - m) at least: as much as if each logit were off by that share.
 * Of tensors b and the product are stored, 2 u' and their floors, and gaps and the logarithm, which are R more: (2 + 3 R) u'.
 */

import { keep } from '../core/keep.ts';
import { type Decimal, decimalOf, Wide } from '../row/decimal.ts';
import { elementary } from '../row/elementary.ts';
import { FARTHEST } from '../row/row.ts';
import { beginOf, checkedAmounts, checkedLength, type Stage } from './stage.ts';
import { drawLength, selectedCells, simplerWeights, tinyCells } from './values.ts';

const HIDDEN = new Wide(Number.NEGATIVE_INFINITY);

/** Of |ln b|. */
const MOST_LOGARITHM = 104;

/** The digits by which W is more than P. */
const MORE_DIGITS = 8;

/** ln b with W digits. */
const logarithm = keep((digits: number) => {
  const { Decimal: D, logOnePlus } = elementary(digits + MORE_DIGITS);
  return keep((b: number): Decimal => {
    if (b >= 1) return logOnePlus(Wide.sub(decimalOf(b), 1));
    return logOnePlus(D.div(1, decimalOf(b)).minus(1)).neg();
  });
});

/** See {@link Stage}. */
export const weights: Stage<Float32Array> = {
  kind: 'stage',
  of: ['logSumExp'],
  isReal: true,
  isScalable: false,
  feelsOffset: false,
  ordinary: (cols) => Float32Array.from({ length: cols }, (_, col) => 1 / (1 + col)),
  checked: (value, rows, cols) => checkedAmounts('weights', checkedLength('weights', value, rows, cols)),
  neutral: null,
  draw(random, rows, cols) {
    const kind = random.below(4);
    const equal = random.pick([0.5, 2, 1 / cols, 1e-3, 1e4]);
    const draw = (): number => {
      if (kind === 0) return equal;
      if (kind === 1) return Number(!random.chance(0.3));
      return kind === 2 ? 2 ** (random.below(27) - 13) : 3 * random.unit();
    };
    return new Float32Array(drawLength(random, rows, cols)).map(draw);
  },
  *simpler(b) {
    yield new Float32Array(b.length).fill(1);
    yield* simplerWeights(b);
  },
  tiny: (rows) => tinyCells(rows, [1, 2], [2, 1], [0, 1], [1, 0]).map((cells) => Float32Array.from(cells)),
  select: selectedCells,
  at: (b, r, cols, i) => b[beginOf(b, r, cols) + i],
  exact(x, b, digits) {
    if (b === 0) return HIDDEN;
    return b === 1 ? x : Wide.add(x, logarithm(digits)(b));
  },
  isExact: false,
  approximate(x, b, r, { relative, absolute }) {
    const from = beginOf(b, r, x.length);
    for (let i = 0; i < x.length; i++)
      x[i] = b[from + i] === 0 ? Number.NEGATIVE_INFINITY : x[i] + Math.log(b[from + i]);
    return { relative: relative + 1, absolute: absolute + (relative + 4) * MOST_LOGARITHM };
  },
  round: null,
  commutesWithShift: false,
  perturb(eta, x, y, _b, { floor, unit }) {
    const { most, lost } = offOf(x, y, floor);
    for (let i = 0; i < x.length; i++)
      if (Number.isFinite(y[i])) eta[i] += unit * (Math.abs(y[i]) + 2 + 8 * most) + lost;
  },
  store(eta, x, y, _b, { unitRoundoff, minSubnormal }) {
    const { most, lost } = offOf(x, y, minSubnormal);
    for (let i = 0; i < x.length; i++)
      if (Number.isFinite(y[i])) eta[i] += unitRoundoff * (2 + 3 * most) + lost;
  },
  slope: null,
};

/** R of a row, and what the sum may lose of its terms below the normal range, each of which loses a floor. */
function offOf(x: Float64Array, y: Float64Array, floor: number) {
  let [max, maxOfAll, least, most] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (!(y[i] > Number.NEGATIVE_INFINITY)) continue;
    if (x[i] > max) max = x[i];
    if (y[i] > maxOfAll) maxOfAll = y[i];
    const difference = y[i] - x[i];
    if (difference > most) most = difference;
    else if (difference < least) least = difference;
  }
  const heaviest = Math.exp(Math.min(most, MOST_LOGARITHM));
  const share = x.length * floor * (1 + heaviest) * Math.exp(Math.min(max - maxOfAll, FARTHEST));
  return { most: Math.max(most, -least), lost: 1.001 * share };
}
