/** mask: 1 leaves a logit as it is, 0 hides it, whatever it holds: -Infinity, and no gradient. */

import { Wide, ZERO } from '../row/decimal.ts';
import { UserError } from '../text/errors.ts';
import { beginOf, checkedLength, type Stage } from './stage.ts';
import { drawLength, selectedCells, tinyCells, withOneCell, withTwoSwapped } from './values.ts';

const HIDDEN = new Wide(Number.NEGATIVE_INFINITY);
const ONE = new Wide(1);

/** See {@link Stage}. */
export const mask: Stage<Uint8Array> = {
  kind: 'stage',
  isReal: false,
  isScalable: false,
  feelsOffset: false,
  ordinary: (cols) => Uint8Array.from({ length: cols }, (_, col) => Number(col === 0 || col < cols - 1)),
  checked(value, rows, cols) {
    const given = checkedLength('mask', value, rows, cols);
    for (let k = 0; k < given.length; k++) {
      if (given[k] !== 0 && given[k] !== 1)
        throw new UserError(`mask has ${given[k]} at ${k}: expected 1 for a logit that takes part, or 0`);
    }
    return new Uint8Array(given);
  },
  neutral: 1,
  draw(random, rows, cols) {
    const length = drawLength(random, rows, cols);
    const kind = random.below(4);
    const width = random.below(cols) + 1;
    const hidden = random.pick([0.1, 0.5, 0.9]);
    const isShown = (row: number, col: number): boolean => {
      if (kind === 0) return col < width; // Padding.
      if (kind === 1) return col <= (row + width) % cols; // Causal.
      return kind === 2 ? col >= width - 1 : !random.chance(hidden);
    };
    return new Uint8Array(length).map((_, k) => Number(isShown(Math.floor(k / cols), k % cols)));
  },
  *simpler(m) {
    yield new Uint8Array(m.length).fill(1);
    const first = m.indexOf(0);
    if (first !== -1) yield new Uint8Array(m.length).fill(1).fill(0, first, first + 1);
    yield* withOneCell(m, () => 1);
    yield* withTwoSwapped(m);
  },
  hasCompany: true,
  tiny: (rows) => tinyCells(rows, [1, 0], [0, 1]).map((cells) => Uint8Array.from(cells)),
  select: selectedCells,
  at: (m, r, cols, i) => m[beginOf(m, r, cols) + i],
  exact: (x, m) => (m === 0 ? HIDDEN : x),
  isExact: true,
  approximate(x, m, r, bound) {
    const from = beginOf(m, r, x.length);
    for (let i = 0; i < x.length; i++) if (m[from + i] === 0) x[i] = Number.NEGATIVE_INFINITY;
    return bound;
  },
  round: null,
  commutesWithShift: true,
  perturb: null,
  slope: {
    exact: (_x, m) => (m === 0 ? ZERO : ONE),
    approximate(x, m, r, slopes, errors) {
      const from = beginOf(m, r, x.length);
      for (let i = 0; i < x.length; i++) slopes[i] = m[from + i];
      errors.fill(0);
    },
    cost: (_x, _m, _r, _profile, costs) => costs.fill(0),
    most: () => 1,
  },
};
