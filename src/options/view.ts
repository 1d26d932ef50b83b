/** What options make of a batch's rows, by one reading. */
import { type Batch, rowOf } from '../core/batch.ts';
import { gridOf, onGrid, toGrid } from '../core/grid.ts';
import { keep } from '../core/keep.ts';
import { once } from '../core/once.ts';
import { UNIT_ROUNDOFF, UNIT_ROUNDOFF_OF_DOUBLE } from '../float32/constants.ts';
import type { Format } from '../formats/format.ts';
import { fp32 } from '../formats/index.ts';
import type { Profile } from '../row/profile.ts';
import type { Bound, Perturbation, View } from '../row/view.ts';
import { exactLogits } from './exact.ts';
import { type Given, given } from './index.ts';
import { partsOf, type Reading, type ReadingParts, type Step, stepsOf } from './readings.ts';
import { slopesOf } from './slopes.ts';
import type { Stage } from './stage.ts';

const u = UNIT_ROUNDOFF;

/** Rounding in FP64, of what a kernel computes in it as if it were exact; it counts where it comes to more than a 64th of u. */
const v = UNIT_ROUNDOFF_OF_DOUBLE;
const NOTHING = 2 ** -30;

const EXACT: Bound = { relative: 0, absolute: 0 };

/** A stage of one row. */
export interface RowStage extends Given<Stage<unknown>>, Step {
  readonly r: number;
  /** Its row before and after, in double precision. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The rows of a batch as its options have them, by this reading; null where none changes a score. */
export function viewsOf(batch: Batch, reading: Reading): readonly View[] | null {
  const { options } = batch;
  if (options === undefined) return null;
  const parts = partsOf(reading);
  const cast = (value: unknown): unknown => (parts.isCastBefore ? castNumber(value, gridOf(batch)) : value);
  const { stages, joining } = given(options, parts.isOtherwise ? cast : null);
  if (stages.length + joining.length === 0) return null;
  const storage = parts.isOfTensors ? storageOf(batch, parts) : null;
  const read: Read = { stages, joining, steps: stepsOf(stages, parts.rounding), storage };
  return Array.from({ length: batch.rows }, (_, r) => viewOf(rowOf(batch, r), r, read));
}

/** The options of a batch, by a reading. */
interface Read extends ReturnType<typeof given> {
  readonly steps: readonly Step[];
  readonly storage: Storage | null;
}

/** Where options are operations of tensors: the format in which these are stored, and an option's value as it stands beside them. */
interface Storage {
  readonly format: Format;
  readonly asTensor: (value: unknown) => unknown;
}

/** A number in the format; what is none as it is. */
function castNumber(value: unknown, format: Format): unknown {
  return typeof value === 'number' ? toGrid(value, format) : value;
}

/** Arrays are tensors of the format, and by some readings numbers are of it too. An array is rounded once for all rows. */
function storageOf(batch: Batch, { isCast }: ReadingParts): Storage {
  const format = gridOf(batch);
  const asTensor = keep((value: unknown): unknown => {
    if (value instanceof Float32Array) return onGrid(value, format);
    return isCast ? castNumber(value, format) : value;
  });
  return { format, asTensor };
}

function viewOf(logits: Float32Array, r: number, { stages: all, joining, steps, storage }: Read): View {
  const cols = logits.length;
  const joined = joining.map(({ spec, value }) => spec.logit(value, r));
  const stages: RowStage[] = [];
  let x = new Float64Array(logits);
  let bound = EXACT;
  for (let k = 0; k < all.length; k++) {
    const { spec, value } = all[k];
    const { isRead, pays } = steps[k];
    const y = x.slice();
    if (isRead && storage !== null) storeInto(y, spec, value, r, storage);
    else if (isRead) spec.round?.(y, value, r);
    else bound = spec.approximate(y, value, r, bound);
    stages.push({ spec, value, isRead, pays, r, x, y });
    x = y;
  }
  // What is hidden is so exactly, and a sink is exact: of a row of these alone nothing is off.
  if (x.every((each) => each === Number.NEGATIVE_INFINITY)) bound = EXACT;
  const z = joined.length === 0 ? x : new Float64Array(cols + joined.length);
  if (z !== x) {
    z.set(x);
    z.set(joined, cols);
  }
  return {
    logits: z,
    bound,
    isSame(i, j) {
      const isAlike = ({ spec, value }: RowStage): boolean =>
        spec.at(value, r, cols, i) === spec.at(value, r, cols, j);
      return i < cols && j < cols && logits[i] === logits[j] && stages.every(isAlike);
    },
    exactly: (digits) => exactLogits(logits, stages, joined, digits),
    perturbation: keep((profile) => perturbationOf(stages, z, cols, profile, storage)),
    slopes: once(() => slopesOf(stages, cols)),
  };
}

/** A stage whose result is rounded to FP32, and then to the format in which it is stored. */
function storeInto(
  y: Float64Array,
  spec: Stage<unknown>,
  value: unknown,
  r: number,
  { format, asTensor }: Storage,
): void {
  spec.round?.(y, asTensor(value), r);
  for (let i = 0; i < y.length; i++) y[i] = toGrid(y[i], format);
}

/** See {@link Perturbation}. */
function perturbationOf(
  stages: readonly RowStage[],
  z: Float64Array,
  cols: number,
  profile: Profile,
  storage: Storage | null,
): Perturbation {
  const eta = new Float64Array(z.length);
  const ofLogits = eta.subarray(0, cols);
  for (const stage of stages) {
    perturb(ofLogits, stage, profile);
    if (storage !== null && !stage.isRead) store(ofLogits, stage, storage.format);
    else if (storage === null && profile.arithmetic !== fp32) store(ofLogits, stage, profile.arithmetic);
  }
  const afterMax = afterMaximum(stages);
  const max = maximum(z, 0, cols);
  const sink = maximum(z, cols, z.length);
  const ofMax = Number.isFinite(max) ? afterMax * profile.unit * Math.abs(max) : 0;
  // Beside (x - max) s a sink is less fl(max s).
  if (sink > Number.NEGATIVE_INFINITY) eta.fill(ofMax, cols);
  let isPerturbed = false;
  for (let i = 0; i < z.length; i++) {
    if (z[i] === Number.NEGATIVE_INFINITY) eta[i] = 0;
    else if (eta[i] > 0) isPerturbed = true;
  }
  return { eta: isPerturbed ? eta : null, perGap: afterMax, ofMax: max > sink ? ofMax : 0 };
}

/** What a stage makes of eta. */
function perturb(eta: Float64Array, { spec, value, pays, x, y }: RowStage, profile: Profile): void {
  spec.perturb?.(eta, x, y, value, profile);
  const rounding = pays === 'everybody' || (pays === 'field' && profile.roundedLogits) ? u : 0;
  const inFloat64 = pays === 'field' && !spec.commutesWithShift && v * largest(y) > NOTHING ? v : 0;
  const unit = rounding + inFloat64;
  if (unit > 0) for (let i = 0; i < eta.length; i++) eta[i] += unit * Math.abs(y[i]);
}

/**
 * What eta becomes where each operation of a stage that is not read is rounded to a format, and its number with it: of a scale the scale and the product, 2 u' |y|; of a cap the cap itself,
 * the quotient, whose error tanh passes on at most whole, tanh and the product, which is 4 u' |y|, and half a subnormal of each, of which c makes 2 c; of a sum its numbers
 * b = y - x and the sum, u' (|b| + |y|). The last rounding is of what is off already, and makes (1 + u') of all. u' and subnormals are of the format: that of tensors, or a kernel's own arithmetic.
 */
function store(eta: Float64Array, { spec, value, x, y }: RowStage, format: Format): void {
  const { unitRoundoff, minSubnormal } = format;
  if (spec.round === null && spec.isExact) return; // A mask stores nothing anew.
  if (spec.store !== undefined) {
    spec.store(eta, x, y, value, format);
    return;
  }
  for (let i = 0; i < eta.length; i++) {
    const size = Math.abs(y[i]);
    if (!Number.isFinite(size)) continue;
    const ofNumber = numberOf(spec, size, y[i] - x[i]);
    const subnormals = spec.round === null ? 1 + 2 * (value as number) : 2;
    eta[i] += unitRoundoff * (size + ofNumber) + minSubnormal * subnormals;
    eta[i] *= 1 + unitRoundoff;
  }
}

/** Of what a stage stores beside its result, the sizes. */
function numberOf({ round, commutesWithShift }: Stage<unknown>, size: number, difference: number): number {
  if (round === null) return 3 * size;
  return commutesWithShift ? size : Math.abs(difference) || 0;
}

/** How many stages that round, with none behind them that cannot come after the maximum is subtracted, may come after it. */
function afterMaximum(stages: readonly RowStage[]): number {
  let count = 0;
  for (const { spec, pays } of stages.toReversed()) {
    if (spec.round === null && spec.commutesWithShift) continue;
    if (pays === 'nobody' || !spec.commutesWithShift) break;
    count++;
  }
  return count;
}

/** The largest finite magnitude. */
function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most;
}

function maximum(values: Float64Array, from: number, end: number): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = from; i < end; i++) if (values[i] > max) max = values[i];
  return max;
}
