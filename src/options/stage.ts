/**
 * What the engine asks of an option. Each has a file: which values it takes, what it makes of a logit exactly and in double
 * precision with the proven bound of its error, what FP32 may lose of it, and its part of dz / dx.
 */
import type { Operation } from '../core/operation.ts';
import type { Random } from '../core/random.ts';
import type { Format } from '../formats/format.ts';
import type { Decimal } from '../row/decimal.ts';
import type { Profile } from '../row/profile.ts';
import type { Bound } from '../row/view.ts';
import { UserError } from '../text/errors.ts';
import type { Selection } from './values.ts';

/** What values an option takes. */
export interface Domain<V> {
  /** Whether these are real numbers, one or several, of which others may be made step by step. */
  readonly isReal: boolean;
  /** Whether these are of any size, so that twice a number is one too. */
  readonly isScalable: boolean;
  /** Whether an offset that all logits share changes what is answered with it. */
  readonly feelsOffset: boolean;
  /** A value for a batch of this shape of which every right kernel makes something ordinary; null of what takes the place of targets. */
  readonly ordinary: ((cols: number, rows: number) => V) | null;
  /**
   * The value as it is kept, for a batch of this shape.
   * @throws UserError when it is none.
   */
  readonly checked: (value: unknown, rows: number, cols: number) => V;
  /** A value for a batch of this shape: those at which kernels are known to fail, and any. */
  readonly draw: (random: Random, rows: number, cols: number) => V;
  /** Values that may be simpler, the simplest first. */
  readonly simpler: (value: V) => Iterable<V>;
  /** Whether more is drawn with it, where it is fixed too: what hidden logits hold, or which rows are ignored. @defaultValue false */
  readonly hasCompany?: true;
  /** Values for batches of one or two rows of two columns, in which wrong kernels show themselves, the simpler first. */
  readonly tiny: (rows: 1 | 2) => readonly V[];
  /** What is left of the value where a batch of `cols` columns keeps these rows and columns. */
  readonly select: (value: V, kept: Selection, cols: number) => V;
}

/** An option of what is made of the scores. */
interface OfScores<V> extends Domain<V> {
  /** The operations that may take it. @defaultValue all */
  readonly of?: readonly Operation[];
  /** The number that changes nothing, where it has one. */
  readonly neutral: number | null;
}

/** An option of what is made of the row: a loss and its gradient. */
export interface LossOption<V> extends Domain<V> {
  readonly kind: 'loss';
}

/** An option that maps each logit by itself: y = f(x, a), where a is the option's number at the logit. */
export interface Stage<V> extends OfScores<V> {
  readonly kind: 'stage';
  /** a of logit `i` of row `r`. */
  readonly at: (value: V, r: number, cols: number, i: number) => number;
  /** f, exactly; or within 10^(1 - digits) / 2, of an exact x. */
  readonly exact: (x: Decimal, a: number, digits: number) => Decimal;
  /** Whether f is exact where it is exactly computed. */
  readonly isExact: boolean;
  /** Replaces a row x, within `bound` of what it stands for, by y, which is within the bound that is returned. */
  readonly approximate: (x: Float64Array, value: V, r: number, bound: Bound) => Bound;
  /** Replaces an exact row x by y rounded once to FP32; null where y is no single operation of FP32's. */
  readonly round: ((x: Float64Array, value: V, r: number) => void) | null;
  /** The stage that many kernels have in its place, and are right: x fl(1 / a) for x / a. @defaultValue none */
  readonly otherwise?: {
    readonly stage: Stage<V>;
    readonly value: (value: V) => V;
    /** Whether that is the same: fl(1 / a) is 1 / a. */
    readonly isSame: (value: V) => boolean;
  };
  /** Whether it may as well be applied after the maximum is subtracted. */
  readonly commutesWithShift: boolean;
  /** Replaces eta of x by that of y, less the rounding of y where it is one operation; null where it is the same. */
  readonly perturb:
    | ((eta: Float64Array, x: Float64Array, y: Float64Array, value: V, profile: Profile) => void)
    | null;
  /** Adds to eta what is lost where what is computed for y is stored in a format. @defaultValue what view.ts has of a product, a sum and a cap */
  readonly store?: (eta: Float64Array, x: Float64Array, y: Float64Array, value: V, format: Format) => void;
  /** dy / dx; null where it is 1. */
  readonly slope: Slope<V> | null;
}

/** dy / dx of a stage. */
export interface Slope<V> {
  /** At an exact x, within 10^-digits relative, or exactly. */
  readonly exact: (x: Decimal, a: number, digits: number) => Decimal;
  /** Of a row x in double precision, with bounds of the absolute errors, or 0 where it is exact. */
  readonly approximate: (
    x: Float64Array,
    value: V,
    r: number,
    slopes: Float64Array,
    errors: Float64Array,
  ) => void;
  /** What FP32 may lose of each, product with the gradient included. */
  readonly cost: (x: Float64Array, value: V, r: number, profile: Profile, costs: Float64Array) => void;
  /** The largest magnitude that it has anywhere. */
  readonly most: (value: V) => number;
}

/** An option that is one more logit of each row. */
export interface Joining<V> extends OfScores<V> {
  readonly kind: 'joining';
  /** The logit of row `r`. */
  readonly logit: (value: V, r: number) => number;
}

/** Where row `r` begins in what is given for each logit, or once for all rows. */
export function beginOf(values: ArrayLike<number>, r: number, cols: number): number {
  return values.length === cols ? 0 : r * cols;
}

/**
 * The FP32 value of a number.
 * @throws UserError when it is none, or not finite in FP32.
 */
export function checkedNumber(name: string, value: unknown): number {
  if (typeof value !== 'number') throw new UserError(`${name} is ${describe(value)}: expected a number`);
  const rounded = Math.fround(value);
  if (Number.isFinite(rounded)) return rounded;
  throw new UserError(`${name} is ${value}: expected a number that is finite in FP32`);
}

/**
 * FP32 values that are finite or -Infinity.
 * @throws UserError when another is among them.
 */
export function checkedLogits(name: string, values: ArrayLike<number>): Float32Array {
  const rounded = new Float32Array(values);
  for (let k = 0; k < rounded.length; k++)
    if (!(rounded[k] < Number.POSITIVE_INFINITY))
      throw new UserError(`${name} has ${rounded[k]} at ${k}: expected finite FP32 values or -Infinity`);
  return rounded;
}

/**
 * FP32 values that are finite and at least 0.
 * @throws UserError when another is among them.
 */
export function checkedAmounts(name: string, values: unknown): Float32Array {
  if (!isNumbers(values)) throw new UserError(`${name} is ${describe(values)}: expected an array of numbers`);
  const rounded = new Float32Array(values);
  for (let k = 0; k < rounded.length; k++) {
    if (!(rounded[k] >= 0 && rounded[k] < Number.POSITIVE_INFINITY))
      throw new UserError(`${name} has ${values[k]} at ${k}: expected finite FP32 values of at least 0`);
    rounded[k] += 0; // Never -0.
  }
  return rounded;
}

/**
 * What is given for each logit of the batch, or once for all rows.
 * @throws UserError when it is no array of that length.
 */
export function checkedLength(name: string, value: unknown, rows: number, cols: number): ArrayLike<number> {
  if (!isNumbers(value)) throw new UserError(`${name} is ${describe(value)}: expected an array of numbers`);
  if (value.length === rows * cols || value.length === cols) return value;
  const expected = rows === 1 ? `${cols}` : `${rows * cols}, or ${cols} for all rows`;
  throw new UserError(
    `${name} has ${value.length} values for ${rows} x ${cols} logits: expected ${expected}`,
  );
}

/** Whether it is an array of numbers, or a typed one. */
export function isNumbers(value: unknown): value is ArrayLike<number> {
  if (Array.isArray(value)) return value.every((each) => typeof each === 'number');
  return (
    ArrayBuffer.isView(value) &&
    'length' in value &&
    !(value instanceof BigInt64Array || value instanceof BigUint64Array)
  );
}

/** A value in a message. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return isNumbers(value) ? 'an array' : 'an array that holds something else';
  if (typeof value === 'string') return `the text '${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
