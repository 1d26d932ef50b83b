/**
 * What the engine asks of an operation that answers rows. Each has a folder: its exact value, its value in double precision
 * with the proven bound of its error, the error that a profile allows, and what it answers where the reals have no answer.
 */
import type { LossTerms } from '../options/loss/terms.ts';
import type { ApproximateRow } from '../row/approximate-row.ts';
import type { Profile } from '../row/profile.ts';
import type { RowAnalysis, RowKind } from '../row/row.ts';
import type { RowCosts } from '../row/row-costs.ts';
import type { RowUpstream } from '../row/upstream.ts';
import type { VectorJacobianProducts } from '../row/vector-jacobian.ts';
import type { Evaluation, Settled } from '../row/ziv.ts';
import type { SpecialAnswers } from './special-values.ts';

/** What entries depend on beside their row of logits. */
export interface Inputs {
  /** That of the row, no index where the operation uses none. */
  readonly target: number;
  /** 1/N. */
  readonly share: number;
  /** Of the row, for the operations that use them. */
  readonly upstream: RowUpstream | null;
  /** The row's index, and what the batch's losses are made of, where they have options. */
  readonly r: number;
  readonly terms: LossTerms | null;
}

/** An operation's reference for entry `i` of a row, and the bound of its error. */
export interface Reference {
  readonly value: (row: ApproximateRow, i: number, inputs: Inputs) => number;
  /** `value` is what the function above gave. */
  readonly error: (row: ApproximateRow, i: number, value: number, inputs: Inputs) => number;
}

/** No index. */
export const NO_TARGET = -1;

/** Those of operations that depend on their row alone, and of a batch of one row. */
export const noInputs: Inputs = { target: NO_TARGET, share: 1, upstream: null, r: 0, terms: null };

/** A row to be evaluated exactly. */
export interface ExactSource {
  readonly evaluation: Evaluation;
  /** With the row's upstream values. */
  readonly products: () => VectorJacobianProducts;
}

/** What an exact entry depends on beside its row. */
export interface ExactInputs extends Pick<Inputs, 'target' | 'r' | 'terms'> {
  /** N. */
  readonly rows: number;
}

/** Numbers on the way to an entry that may be beyond FP32 although the entry is not. */
export interface Intermediates {
  /** The largest that the definition names. */
  readonly named: number;
  /** The largest that a sum in some order may reach. */
  readonly most: number;
}

/** Nothing may overflow. */
export const nothing: Intermediates = { named: 0, most: 0 };

/** An entry that is a masked logit's own upstream value. */
export const UPSTREAM = 'upstream';

/** An operation that answers each row for itself. */
export interface RowSpec {
  /** Entry `i` of a row that has a finite maximum, as exactly as its rounding needs. */
  readonly exact: (row: ExactSource, i: number, inputs: ExactInputs) => Settled;
  readonly approximate: Reference;
  /** At least the magnitude of entry `i`, which is no masked logit's own, whatever the error of its approximate value is. */
  readonly most: (row: ApproximateRow, i: number, inputs: Inputs) => number;
  /** At most that magnitude, likewise. */
  readonly least: (row: ApproximateRow) => number;
  /** The absolute error that a profile allows to entry `i`, which is no masked logit's own; where `isQuick`, that or less, which takes less time. */
  readonly budget: (costs: RowCosts) => (i: number, inputs: Inputs, isQuick?: boolean) => number;
  readonly special: SpecialAnswers;
  /** What a masked logit's own entry is exactly; null where no entry is a logit's own. */
  readonly masked: number | typeof UPSTREAM | null;
  /**
   * Of a derivative by logits, at least the magnitude of entry `i`, which options multiply with theirs; null of what is none. Its
   * `exact` has them multiplied already.
   */
  readonly derivative: ((row: RowAnalysis, i: number, inputs: Inputs) => number) | null;
  /** Whether a finite answer is one that exact arithmetic can give for some input. */
  readonly isInRange: (got: number) => boolean;
  /** Whether a number below 0 is wrong however small it is. */
  readonly isNeverNegative: boolean;
  /** Whether what is closer to 0 than half the smallest subnormal rounds to +0, of whatever sign it is. */
  readonly roundsToPlusZero: (i: number, target: number) => boolean;
  /** Whether an entry's error is of its own size, as a probability's is; else it is of the natural unit, however small the entry is. */
  readonly isRelative: (i: number, target: number) => boolean;
  /** The natural unit of an entry whose exact value is `exact`: docs/verdicts.md has the table. */
  readonly unit: (exact: number, inputs: Pick<Inputs, 'share' | 'upstream' | 'r' | 'terms'>) => number;
  /** What of entry `i` may overflow on the way; null where nothing does that its answer does not. */
  readonly intermediates: ((row: RowAnalysis, i: number, inputs: Inputs) => Intermediates) | null;
  /** Proves at a glance that a whole row of the answer is right; null where there is no such glance. `costsOf` gives what the row costs. */
  readonly glance:
    | ((row: ApproximateRow, answer: Float32Array, profile: Profile, costsOf: () => RowCosts) => boolean)
    | null;
}

/** A row of a loss to be evaluated exactly: without an evaluation where it has no finite maximum. */
export interface LossRow {
  readonly kind: RowKind;
  readonly evaluation?: Evaluation | undefined;
}

/** What an answer is that is not the expected one, where that is no number. */
export type Standing = 'right' | 'defended';

/** A loss: one number for all rows, or where it is left as it is for each of them. Number `k` of its answer is 0, or a row. */
export interface LossSpec {
  readonly exact: (rows: readonly LossRow[], targets: Int32Array, k: number) => Settled;
  /** Infinite, and NaN without an error, where the loss is. */
  readonly approximate: (
    rows: readonly ApproximateRow[],
    targets: Int32Array,
    k: number,
  ) => { readonly value: number; readonly error: number };
  /** 0 where the loss is special or infinite; `costs` are null of rows without a finite maximum. */
  readonly budget: (
    costs: readonly (RowCosts | null)[],
    targets: Int32Array,
    profile: Profile,
    k: number,
  ) => number;
  /** What may be beyond FP32 on the way to a finite loss. */
  readonly intermediates: (rows: readonly RowAnalysis[], targets: Int32Array, k: number) => Intermediates;
  /** Of one row. */
  readonly special: SpecialAnswers;
  /**
   * What `got` is where the definition's answer is NaN or infinite and another: as right, or what others defend. Null of other answers, and where the rows' special
   * answers tell all.
   */
  readonly standing: ((rows: readonly RowAnalysis[], k: number, got: number) => Standing | null) | null;
  readonly isInRange: (got: number) => boolean;
  readonly unit: (exact: number, inputs: Pick<Inputs, 'terms'>) => number;
}

/** What most operations have in common. */
export const plain = {
  least: () => 0,
  isNeverNegative: false,
  isRelative: () => false,
  roundsToPlusZero: () => false,
  derivative: null,
  intermediates: null,
  glance: null,
} as const satisfies Partial<RowSpec>;
