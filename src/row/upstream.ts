/**
 * What vector-Jacobian products need of a row's upstream values g, in double precision; v = 2^-53, notation of approximate-row.ts.
 *
 * No sum here puts a term through more than h additions: blocks of 256, so 256 + ceil(n / 256). With o = g of the row's
 * first maximum, the dot product is taken of g_j - o, which is 0 where upstream values are equal:
 *
 *     r = sum_j p_j (g_j - o),   sum_j p_j g_j = o + r
 *
 * A difference of FP32 values is off by v, a term by 2v more than its p, a sum by h v of its terms' magnitudes. So
 *  - |r^ - r| <= v sum_j p_j |g_j - o| (min(d_j, 200) + e + h + 2) + f sum_j |g_j - o|, with p's relative error less the
 *    gap's part e v, and f its absolute error; where a gap's part is not v, that in its place;
 *  - |V^ - V| <= h v sum_j |g_j|, for V = sum_j g_j.
 * Sums of magnitudes are true to 2^-30, and are rounded up by that where they bound an error.
 */
import { type Batch, rowOfValues, upstreamOf } from '../core/batch.ts';
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../float32/constants.ts';
import type { ApproximateRow } from './approximate-row.ts';
import type { RowAnalysis } from './row.ts';
import { FARTHEST } from './row.ts';
import type { View } from './view.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;
const BLOCK = 256;

/** A row's upstream values and their sums. */
export interface RowUpstream {
  /** g, one FP32 value for each logit. */
  readonly values: Float32Array;
  /** o. */
  readonly origin: number;
  /** r. */
  readonly rest: number;
  /** Bound of |r^ - r|, where p is as near as approximateRow has it. */
  readonly restError: number;
  /** sum_j p_j |g_j|. */
  readonly meanMagnitude: number;
  /** V. */
  readonly total: number;
  /** Bound of |V^ - V|. */
  readonly totalError: number;
  /** sum_j |g_j|, and the largest of these. */
  readonly magnitude: number;
  readonly largest: number;
}

/** How far p may be off. */
type Errors = Partial<Pick<ApproximateRow, 'relativeError' | 'absoluteError' | 'gapSlope'>>;

/** The sums of one row that has a finite maximum. The bound of r is for rows of double precision. */
export function analyseUpstream(row: RowAnalysis & Errors, values: Float32Array): RowUpstream {
  const { gaps, probabilities, relativeError = 0, absoluteError = 0, gapSlope = v } = row;
  const n = values.length;
  const origin = values[gaps.indexOf(0)];
  let largest = 0;
  let [rest, distance, gapped, far, meanMagnitude, total, magnitude] = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; ) {
    // The same of a block: rest, distance, gapped, far, mean magnitude, total, magnitude.
    let [r, d, dg, f, pg, g, size] = [0, 0, 0, 0, 0, 0, 0];
    for (const end = Math.min(i + BLOCK, n); i < end; i++) {
      const value = values[i];
      const its = Math.abs(value);
      g += value;
      size += its;
      if (its > largest) largest = its;
      const p = probabilities[i];
      if (p === 0) continue;
      const difference = value - origin;
      const apart = Math.abs(difference);
      r += p * difference;
      d += p * apart;
      dg += p * apart * Math.min(gaps[i], FARTHEST);
      f += apart;
      pg += p * its;
    }
    rest += r;
    distance += d;
    gapped += dg;
    far += f;
    meanMagnitude += pg;
    total += g;
    magnitude += size;
  }
  const additions = n <= BLOCK ? n : BLOCK + Math.ceil(n / BLOCK);
  const up = 1 + 2 ** -20;
  return {
    values,
    origin,
    rest,
    restError:
      up * (gapped * gapSlope + distance * (relativeError + (additions + 2) * v) + far * absoluteError),
    meanMagnitude,
    total,
    totalError: up * additions * v * magnitude,
    magnitude,
    largest,
  };
}

/** The sums of row `r` of the batch, for the operations that need them; 1 is taken for upstream values that are not there. */
export function rowUpstream(batch: Batch, r: number, row: RowAnalysis): RowUpstream {
  return analyseUpstream(row, upstreamOfRow(rowOfValues(upstreamOf(batch), batch, r), row.view));
}

/** The upstream values of a row: a sink has 0, as it has no answer. */
export function upstreamOfRow(values: Float32Array, view: View | null): Float32Array {
  if (view === null || view.logits.length === values.length) return values;
  const all = new Float32Array(view.logits.length);
  all.set(values);
  return all;
}
