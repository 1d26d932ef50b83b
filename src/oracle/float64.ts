/**
 * The operations' numbers in double precision, from rows of row/approximate-row.ts and in its notation, each with a proven bound of
 * its error.
 *
 * Upstream values and their sums o, r, V are those of upstream.ts.
 *  - softmaxGrad p q, q = (g_i - o) - r: q is off by v |g_i - o|, r's error and v |q|, the product by p's error times |q|,
 *    p times q's, and v |p q|.
 *  - logSoftmaxGrad g_i - p V: off by p's error times |V|, p times V's, v |p V| and v of the result.
 * Second orders are below 2^-20 of these bounds, which are rounded up by that.
 */
import type { RowOperation } from '../core/operation.ts';
import { type ApproximateRow, FARTHEST, probabilityError } from '../row/approximate-row.ts';
import type { RowUpstream } from '../row/upstream.ts';

const v = 2 ** -53;

/** What entries depend on beside their row of logits. */
export interface Inputs {
  readonly target: number;
  /** 1/N. */
  readonly share: number;
  /** Of the row, for the operations that use them. */
  readonly upstream: RowUpstream | null;
}

/** An operation's reference for entry `i` of a row, and the bound of its error. */
export interface Reference {
  readonly value: (row: ApproximateRow, i: number, inputs: Inputs) => number;
  /** `value` is what the function above gave. */
  readonly error: (row: ApproximateRow, i: number, value: number, inputs: Inputs) => number;
}

/** The references of entries that are not masked, and of the loss gradient's target. */
export const references: Readonly<Record<RowOperation, Reference>> = {
  softmax: {
    value: (row, i) => row.probabilities[i],
    error: (row, i, p) => p * probabilityError(row, i) + row.absoluteError,
  },
  /** d costs v, L its bound, the addition v. */
  logSoftmax: {
    value: (row, i) => -(row.gaps[i] + row.logSum),
    error: (row, _i, value) => -2 * v * value + row.logSumError,
  },
  /** L's bound and the addition's v; exact where L is 0. */
  logSumExp: {
    value: (row) => row.logSumExp,
    error: (row, _i, value) => (row.logSum === 0 ? 0 : row.logSumError + v * Math.abs(value)),
  },
  /** The probability's bound, and two roundings: of 1/N and of the product. */
  crossEntropyGrad: {
    value: (row, i, { target, share }) => (i === target ? -row.othersOf(i) : row.probabilities[i]) * share,
    error: (row, i, value, { target, share }) => {
      const relative =
        i === target ? 3 * row.relativeError + Math.min(row.gaps[i], FARTHEST) * v : probabilityError(row, i);
      return Math.abs(value) * (relative + 2 * v) + row.absoluteError * share;
    },
  },
  softmaxGrad: {
    value: (row, i, { upstream }) =>
      upstream === null ? Number.NaN : row.probabilities[i] * factorOf(i, upstream),
    error: (row, i, value, { upstream }) => {
      if (upstream === null) return Number.NaN;
      const p = row.probabilities[i];
      const factor = Math.abs(factorOf(i, upstream));
      const ofFactor = v * Math.abs(upstream.values[i] - upstream.origin) + upstream.restError + v * factor;
      const ofP = p * probabilityError(row, i) + row.absoluteError;
      return (1 + 2 ** -20) * (factor * ofP + (p + row.absoluteError) * ofFactor + v * Math.abs(value));
    },
  },
  logSoftmaxGrad: {
    value: (row, i, { upstream }) =>
      upstream === null ? Number.NaN : upstream.values[i] - row.probabilities[i] * upstream.total,
    error: (row, i, value, { upstream }) => {
      if (upstream === null) return Number.NaN;
      const p = row.probabilities[i];
      const total = Math.abs(upstream.total);
      const ofP = p * (probabilityError(row, i) + v) + row.absoluteError;
      const ofProduct = total * ofP + (p + row.absoluteError) * upstream.totalError;
      return ofProduct === 0 ? 0 : (1 + 2 ** -20) * (ofProduct + v * Math.abs(value));
    },
  },
};

/** g_i - sum_j p_j g_j. */
function factorOf(i: number, { values, origin, rest }: RowUpstream): number {
  return values[i] - origin - rest;
}

/** The mean of d_t + L over the rows, and the bound of its error: each loss as in logSoftmax, N - 1 additions, a division. */
export function meanLoss(
  rows: readonly ApproximateRow[],
  targets: Int32Array,
): { readonly value: number; readonly error: number } {
  let losses = 0;
  let error = 0;
  for (let r = 0; r < rows.length; r++) {
    const loss = rows[r].gaps[targets[r]] + rows[r].logSum;
    losses += loss;
    error += 2 * v * loss + rows[r].logSumError;
  }
  const value = losses / rows.length;
  return { value, error: error / rows.length + (rows.length + 1) * v * value };
}
