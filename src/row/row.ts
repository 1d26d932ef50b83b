/** What kind of row it is, and its quantities as plain numbers, for error budgets. */
import type { Decimal } from './decimal.ts';
import type { ExactRow, ExactTerm } from './exact-row.ts';
import type { View } from './view.ts';

/** Gaps above this have weights that no FP32 answer shows. */
export const FARTHEST = 200;

/**
 * - `finite`: every logit is.
 * - `masked`: some logits are finite, the others -Infinity.
 * - `all-masked`: every logit is -Infinity.
 * - `positive-infinity`: some logit is +Infinity, none NaN.
 * - `nan`: some logit is NaN.
 */
export type RowKind = 'finite' | 'masked' | 'all-masked' | 'positive-infinity' | 'nan';

/** The kinds of rows that have special answers. */
export type SpecialKind = Exclude<RowKind, 'finite' | 'masked'>;

/** Whether rows of this kind have special answers, that is, no finite maximum. */
export function isSpecial(kind: RowKind): kind is SpecialKind {
  return kind !== 'finite' && kind !== 'masked';
}

/**
 * A row in double precision; its sink, where it has one, is the last of its logits. Rows of kind `finite` and `masked` have every field; of the other three kinds
 * the arrays are empty and the numbers NaN.
 */
export interface RowAnalysis {
  readonly kind: RowKind;
  /** What the logits are reals of; null where they are FP32 values as they are. */
  readonly view: View | null;
  /** m, the largest logit. */
  readonly max: number;
  /** d_i = m - x_i, rounded to double; Infinity where masked. */
  readonly gaps: Float64Array;
  /** p_i with a relative error of 2^-52, also where FP32 is subnormal; gaps over 200 give some number in [0, 1e-86]. */
  readonly probabilities: Float64Array;
  /** L = ln Σ e^-d_i, relative error 2^-52; some number in [0, n * 1e-86] when only gaps over 200 add to 1. */
  readonly logSum: number;
  /** m + L, rounded to double from the exact sum. */
  readonly logSumExp: number;
  /** D = Σ p_i d_i, masked terms 0. */
  readonly meanGap: number;
}

/** The kind of a row of logits. */
export function kindOf(logits: Float32Array | Float64Array): RowKind {
  let max = Number.NEGATIVE_INFINITY;
  let isMasked = false;
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i];
    if (Number.isNaN(logit)) return 'nan';
    if (logit > max) max = logit;
    if (logit === Number.NEGATIVE_INFINITY) isMasked = true;
  }
  if (max === Number.POSITIVE_INFINITY) return 'positive-infinity';
  if (max === Number.NEGATIVE_INFINITY) return 'all-masked';
  return isMasked ? 'masked' : 'finite';
}

/** The analysis of a row from its exact evaluation; `exact` is undefined for rows without a finite maximum. */
export function analyseRow(
  kind: RowKind,
  exact: ExactRow | undefined,
  view: View | null = null,
): RowAnalysis {
  if (exact === undefined) return { kind, view, ...unanalysed };
  const gaps = toDoubles(exact.terms, ({ gap }) => gap);
  const probabilities = toDoubles(exact.terms, ({ probability }) => probability);
  const meanGap = probabilities.reduce((sum, p, i) => (p === 0 ? sum : sum + p * gaps[i]), 0);
  return {
    kind,
    view,
    max: Number(exact.max),
    gaps,
    probabilities,
    logSum: Number(exact.logSum),
    logSumExp: Number(exact.max.plus(exact.logSum)),
    meanGap,
  };
}

/** A number of each term, rounded to double, once for those that share the term. */
function toDoubles(terms: readonly ExactTerm[], pick: (term: ExactTerm) => Decimal): Float64Array {
  const known = new Map(Array.from(new Set(terms), (term) => [term, Number(pick(term))]));
  return Float64Array.from(terms, (term) => known.get(term) as number);
}

const unanalysed = {
  max: Number.NaN,
  gaps: new Float64Array(),
  probabilities: new Float64Array(),
  logSum: Number.NaN,
  logSumExp: Number.NaN,
  meanGap: Number.NaN,
};
