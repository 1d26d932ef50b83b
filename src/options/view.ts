/** What options make of a batch's rows, by one reading. */
import { type Batch, rowOf } from '../core/batch.ts';
import type { Options } from '../core/options.ts';
import { UNIT_ROUNDOFF } from '../float32/constants.ts';
import type { Profile } from '../row/profile.ts';
import type { Bound, Perturbation, View } from '../row/view.ts';
import { exactLogits } from './exact.ts';
import { type Given, given } from './index.ts';
import { type Reading, type Step, stepsOf } from './readings.ts';
import { slopesOf } from './slopes.ts';
import type { Stage } from './stage.ts';

const u = UNIT_ROUNDOFF;

/** Rounding in FP64, of what a kernel computes in it as if it were exact; it counts where it comes to more than a 64th of u. */
const v = 2 ** -53;
const NOTHING = 2 ** -30;

const EXACT: Bound = { relative: 0, absolute: 0 };

/** A stage of one row. */
export interface RowStage extends Given<Stage<unknown>>, Step {
  readonly r: number;
  /** Its row before and after, in double precision. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The rows of a batch as its options have them, by this reading; null where it has none. */
export function viewsOf(batch: Batch, reading: Reading): readonly View[] | null {
  const { options } = batch;
  return options === undefined
    ? null
    : Array.from({ length: batch.rows }, (_, r) => viewOf(rowOf(batch, r), r, options, reading));
}

function viewOf(logits: Float32Array, r: number, options: Options, reading: Reading): View {
  const cols = logits.length;
  const { stages: all, joining } = given(options);
  const steps = stepsOf(options, reading);
  const joined = joining.map(({ spec, value }) => spec.logit(value, r));
  const stages: RowStage[] = [];
  let x = Float64Array.from(logits);
  let bound = EXACT;
  for (const [k, { spec, value }] of all.entries()) {
    const y = x.slice();
    if (steps[k].isRead) spec.round?.(y, value, r);
    else bound = spec.approximate(y, value, r, bound);
    stages.push({ spec, value, ...steps[k], r, x, y });
    x = y;
  }
  const z = joined.length === 0 ? x : new Float64Array(cols + joined.length);
  if (z !== x) {
    z.set(x);
    z.set(joined, cols);
  }
  const perturbations = new Map<Profile, Perturbation>();
  return {
    logits: z,
    bound,
    exactly: (digits) => exactLogits(logits, stages, joined, digits),
    perturbation(profile) {
      let known = perturbations.get(profile);
      if (known === undefined) {
        known = perturbationOf(stages, z, cols, profile);
        perturbations.set(profile, known);
      }
      return known;
    },
    slopes: keep(() => slopesOf(stages, cols)),
  };
}

/** See {@link Perturbation}. */
function perturbationOf(
  stages: readonly RowStage[],
  z: Float64Array,
  cols: number,
  profile: Profile,
): Perturbation {
  const eta = new Float64Array(z.length);
  const ofLogits = eta.subarray(0, cols);
  let isPerturbed = false;
  let shifted = 0;
  for (const { spec, value, pays, x, y } of stages) {
    if (spec.perturb !== null) {
      spec.perturb(ofLogits, x, y, value, profile);
      isPerturbed = true;
    }
    if (pays === 'everybody' || (pays === 'field' && profile.roundedLogits)) {
      for (let i = 0; i < cols; i++) eta[i] += u * Math.abs(y[i]);
      isPerturbed = true;
    }
    if (spec.round === null && spec.isExact) continue;
    if (pays === 'field' && !spec.commutesWithShift) {
      const most = y.reduce((a, b) => (Number.isFinite(b) ? Math.max(a, Math.abs(b)) : a), 0);
      if (v * most > NOTHING) {
        for (let i = 0; i < cols; i++) eta[i] += v * Math.abs(y[i]);
        isPerturbed = true;
      }
    }
    shifted = spec.commutesWithShift && pays === 'field' ? 1 : 0;
  }
  const max = shifted === 0 ? 0 : maximum(z, 0, cols);
  const most = maximum(z, cols, z.length);
  const ofMax = max > most ? u * Math.abs(max) : 0;
  if (shifted !== 0 && most > Number.NEGATIVE_INFINITY) {
    eta.fill(u * Math.abs(max), cols);
    isPerturbed = true;
  }
  if (!isPerturbed) return { eta: null, perGap: shifted, ofMax };
  for (let i = 0; i < z.length; i++) if (z[i] === Number.NEGATIVE_INFINITY) eta[i] = 0;
  return { eta, perGap: shifted, ofMax };
}

function maximum(values: Float64Array, from: number, end: number): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = from; i < end; i++) if (values[i] > max) max = values[i];
  return max;
}

/** `compute`, called once. */
function keep<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
