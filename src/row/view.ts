/**
 * A row that is not FP32 logits as they are, but reals z that something before the row makes of them (src/options). The last of
 * them may be a sink: a logit like the others, that has no answer and no logit x of its own.
 *
 * In double precision v = 2^-53, and z^ is z as computed.
 */
import type { Decimal } from './decimal.ts';
import type { Profile } from './profile.ts';

/** How far z^ may be from z: |z^_i - z_i| <= v (relative |z_i| + absolute). Both are 0 where z^ is exact. */
export interface Bound {
  readonly relative: number;
  readonly absolute: number;
}

/** z with some number of digits. */
export interface ExactLogits {
  /** -Infinity where masked. Logits that are equal for the same reason share one Decimal. */
  readonly values: readonly Decimal[];
  /** Whether they are exact; else each is within 10^(1 - digits) / 2 of z. */
  readonly isExact: boolean;
  /** dz_i / dx_i of logit `i`, which is no sink, within 10^(1 - digits) relative, or exact; null where all are 1. */
  readonly slopeAt: ((i: number) => Decimal) | null;
}

/** dz_i / dx_i in double precision, one for each logit x. */
export interface Slopes {
  readonly values: Float64Array;
  /** A bound of the absolute error of each; 0 where it is exact. */
  readonly errors: Float64Array;
  /** What FP32 may lose of each, as a plain number. */
  readonly costs: (profile: Profile) => Float64Array;
}

/** What FP32 may lose on the way from x to z. */
export interface Perturbation {
  /** eta_i >= |z^_i - z_i|, of FP32's z^, for each logit z; null where all are 0. */
  readonly eta: Float64Array | null;
  /** What a gap costs beside the subtraction of the maximum, relative, in u. */
  readonly perGap: number;
  /** What the maximum itself may be off by where it is added to a logarithm. */
  readonly ofMax: number;
}

/** The reals z of one row. */
export interface View {
  /** z^; NaN and +Infinity where the row has no finite maximum. */
  readonly logits: Float64Array;
  readonly bound: Bound;
  /** Whether two logits z are the same number for certain: made alike of equal logits x. */
  readonly isSame: (i: number, j: number) => boolean;
  /** z, exact or with so many digits. */
  readonly exactly: (digits: number) => ExactLogits;
  /** What FP32 may lose of z. */
  readonly perturbation: (profile: Profile) => Perturbation;
  /** Null where all are 1. */
  readonly slopes: () => Slopes | null;
}
