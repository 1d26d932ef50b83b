/**
 * bias b: y = x + b.
 *
 * In double precision one rounding, v |y|, and what x was off by: k |x| + a, of which the largest finite |x| makes a constant, as y may be
 * smaller than x. -Infinity masks every number, and makes NaN of +Infinity.
 */
import { roundedSum } from '../float32/rounded-sum.ts';
import { decimalOf, Wide } from '../row/decimal.ts';
import { beginOf, checkedLength, checkedLogits, type Stage } from './stage.ts';

/** See {@link Stage}. */
export const bias: Stage<Float32Array> = {
  joins: false,
  checked: (value, rows, cols) => checkedLogits('bias', checkedLength('bias', value, rows, cols)),
  neutral: 0,
  at: (b, r, cols, i) => b[beginOf(b, r, cols) + i],
  exact: (x, b) => Wide.add(x, decimalOf(b)),
  isExact: true,
  approximate(x, b, r, { relative, absolute }) {
    const from = beginOf(b, r, x.length);
    let most = 0;
    for (let i = 0; i < x.length; i++) {
      const size = Math.abs(x[i]);
      if (size > most && size < Number.POSITIVE_INFINITY) most = size;
      x[i] += b[from + i];
    }
    return { relative: 1, absolute: relative * most + absolute };
  },
  round(x, b, r) {
    const from = beginOf(b, r, x.length);
    for (let i = 0; i < x.length; i++) x[i] = roundedSum(x[i], b[from + i]);
  },
  commutesWithShift: false,
  perturb: null,
  slope: null,
};
