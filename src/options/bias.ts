/**
 * bias b: y = x + b.
 *
 * In double precision one rounding, v |y|, and what x was off by: k |x| + a, of which the largest finite |x| makes a constant, as y may be
 * smaller than x; or as |x| <= |y| + |b|, k |y| and the largest finite |b|, where that is less. -Infinity masks every number, and makes NaN of +Infinity.
 */
import { roundedSum } from '../float32/rounded-sum.ts';
import { decimalOf, Wide } from '../row/decimal.ts';
import { beginOf, checkedLength, checkedLogits, type Stage } from './stage.ts';
import { drawLength, magnitude, selectedCells, tinyCells, withOneCell, withTwoSwapped } from './values.ts';

const rounded = (value: number): number => Math.round(value) + 0;

/** What is added to hide a logit: -Infinity, and the finite numbers of Keras, HuggingFace and others. */
const masking = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e4, -1e9, -3.4028234663852886e38];

/** See {@link Stage}. */
export const bias: Stage<Float32Array> = {
  kind: 'stage',
  isReal: true,
  isScalable: true,
  feelsOffset: false,
  ordinary: (cols) => Float32Array.from({ length: cols }, (_, col) => -col),
  checked: (value, rows, cols) => checkedLogits('bias', checkedLength('bias', value, rows, cols)),
  neutral: 0,
  draw(random, rows, cols) {
    const kind = random.below(4);
    const slope = 2 ** -random.below(9);
    const draw = (k: number): number => {
      if (kind === 0) return random.chance(0.3) ? random.pick(masking) : 0;
      if (kind === 1) return -slope * (cols - 1 - (k % cols)); // ALiBi.
      const size = kind === 2 ? 20 : 2 ** (random.below(20) - 6);
      return size * (2 * random.unit() - 1);
    };
    return new Float32Array(drawLength(random, rows, cols)).map((_, k) => draw(k));
  },
  *simpler(b) {
    yield new Float32Array(b.length);
    const most = b.reduce((at, value, k) => (Math.abs(value) > Math.abs(b[at]) ? k : at), 0);
    yield new Float32Array(b.length).fill(b[most], most, most + 1);
    yield b.map(rounded);
    yield* withOneCell(b, () => 0);
    yield* withOneCell(b, rounded);
    yield* withOneCell(b, Math.sign);
    yield* withOneCell(b, magnitude);
    yield* withTwoSwapped(b);
  },
  tiny: (rows) => tinyCells(rows, [0, 1], [0, 2], [1, 0]).map((cells) => Float32Array.from(cells)),
  select: selectedCells,
  at: (b, r, cols, i) => b[beginOf(b, r, cols) + i],
  exact: (x, b) => Wide.add(x, decimalOf(b)),
  isExact: true,
  approximate(x, b, r, { relative, absolute }) {
    const from = beginOf(b, r, x.length);
    let [most, mostAdded] = [0, 0];
    for (let i = 0; i < x.length; i++) {
      const [size, added] = [Math.abs(x[i]), Math.abs(b[from + i])];
      if (size > most && size < Number.POSITIVE_INFINITY) most = size;
      if (added > mostAdded && added < Number.POSITIVE_INFINITY) mostAdded = added;
      x[i] += b[from + i];
    }
    return most <= mostAdded
      ? { relative: 1, absolute: relative * most + absolute }
      : { relative: 1 + relative, absolute: relative * mostAdded + absolute };
  },
  round(x, b, r) {
    const from = beginOf(b, r, x.length);
    for (let i = 0; i < x.length; i++) x[i] = roundedSum(x[i], b[from + i]);
  },
  commutesWithShift: false,
  perturb: null,
  slope: null,
};
