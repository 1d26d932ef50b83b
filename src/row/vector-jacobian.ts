/**
 * The exact vector-Jacobian products of a row with upstream values g:
 *
 *     softmaxGrad_i = p_i Σ_j p_j (g_i - g_j)        logSoftmaxGrad_i = g_i - p_i V,  V = Σ_j g_j
 *
 * Differences and sums of g are exact in Wide. In units of h (exact-row.ts), p is off by n + 23: the sum over j by 2n + 24
 * of Σ p_j |g_i - g_j|, the product by 3n + 50 of p_i times that, and p_i V by n + 24. The row's relativeError is more.
 *
 * Weights beyond the gap T, here called far, are replaced by others in (0, F], F = 10^-86 at first; f of them move S by at
 * most f F relative, and Σ_j w_j (g_i - g_j) by f F 2 max|g|. So they move softmaxGrad of an entry that is not far by less
 * than 8 f F p_i max|g|, and logSoftmaxGrad by 2 f F p_i |V|. At a far entry softmaxGrad is below 2 F max|g| < 2^-156, and
 * p_i V is within F |V| of what it is taken for.
 *
 * Rounding ends (ziv.ts), with Lindemann-Weierstrass for the truths that lie on a boundary b ≠ 0:
 *  - softmaxGrad: Σ_j w_i w_j (g_i - g_j) = b Σ_jk w_j w_k. With some finite gap above 0, the largest gap D leaves e^-2D on
 *    the right alone: impossible. With all gaps 0, of k logits, it is the rational (k g_i - Σ g_j) / k^2.
 *  - logSoftmaxGrad: (g_i - b) Σ_j w_j = w_i V. With two distinct gaps b = g_i, which is no boundary. With one it is the
 *    rational g_i - V / k. At a far entry g_i stands for it, which a slope may make a boundary: p_i V tips it off, with the sign of -V.
 *  - 0 is no boundary: what is closer to 0 than 2^-150 is called +0, whatever its sign.
 * Rationals that may be on a boundary are divided to 700 digits, and rounded without an error: a multiple of 2^-149 over
 * k^2 that is not on one, a multiple of 2^-150, is 2^-150 / k^2 away from it.
 *
 * Slopes. With dz_i / dx_i = J before the row (view.ts), entry i is J times the above. An exact J is an FP32 value, and rational:
 * b / J takes b's place, and a rational that is not on a boundary is 2^-300 / k^2 away. But J g_i may be a boundary: then -p_i V tips
 * logSoftmaxGrad off it, by its sign alone where it is far. An inexact J, and
 * gaps that are, have their errors in the enclosures; so have far weights, which tip nothing there.
 *
 * Where all gaps are 0 but for far ones, far weights tip such a rational off its boundary. With σ = Σ_far w_j,
 *  - logSoftmaxGrad - b = V σ / (k (k + σ)) has the sign of V;
 *  - softmaxGrad - b has the sign of Σ_far w_j (g_i - g_j - 2bk) - b σ^2, a sum of exponentials of which the slowest are
 *    divided by their power of e and added up, with more digits until the sign shows. It is not 0, by the above.
 */
import { type Decimal, decimalOf, Wide, ZERO } from './decimal.ts';
import { elementary } from './elementary.ts';
import { type ExactRow, weightBeyond } from './exact-row.ts';
import { settled, through } from './through.ts';
import type { Evaluation, Settled } from './ziv.ts';

/** The products of one row, entry by entry. */
export interface VectorJacobianProducts {
  readonly softmaxGrad: (i: number) => Settled;
  readonly logSoftmaxGrad: (i: number) => Settled;
}

/** Products with `upstream`, one finite FP32 value for each logit of the row. */
export function vectorJacobianProducts(
  upstream: Float32Array,
  evaluation: Evaluation,
): VectorJacobianProducts {
  const decimals = new Map<number, Decimal>();
  const g = Array.from(upstream, (value) => {
    const decimal = decimals.get(value) ?? decimalOf(value);
    decimals.set(value, decimal);
    return decimal;
  });
  const total = g.reduce((sum, value) => Wide.add(sum, value), ZERO);
  const largest = decimalOf(upstream.reduce((max, value) => Math.max(max, Math.abs(value)), 0));

  let ofLevels: Decimal | undefined;
  /** The sum over the logits of gap 0: the same for every answer and at every precision. */
  const totalOf = (levels: readonly number[]): Decimal => {
    ofLevels ??= levels.reduce((sum, j) => Wide.add(sum, g[j]), ZERO);
    return ofLevels;
  };

  function softmaxGrad(i: number): Settled {
    return settled(evaluation, (row, farError) => {
      if (row.terms[i].gap.gt(row.largestGap)) return { value: ZERO, rounded: 0 };
      const error = Wide.mul(farError, row.terms[i].probability).times(largest).times(8);
      if (row.levels !== null) {
        const k = row.levels.length;
        const numerator = Wide.mul(g[i], k).minus(totalOf(row.levels));
        return through(row, i, numerator, error, () => tipOfSoftmaxGrad(row, g, i, numerator), k * k);
      }
      let sum = ZERO;
      let magnitude = ZERO;
      for (const [j, { probability: p }] of row.terms.entries()) {
        if (p.isZero() || g[j] === g[i]) continue;
        const term = p.times(Wide.sub(g[i], g[j]));
        sum = term.plus(sum);
        magnitude = term.abs().plus(magnitude);
      }
      if (magnitude.isZero()) return { value: ZERO, rounded: 0 };
      const p = row.terms[i].probability;
      return through(row, i, p.times(sum), p.times(magnitude).times(row.relativeError).plus(error));
    });
  }

  function logSoftmaxGrad(i: number): Settled {
    return settled(evaluation, (row, farError) => {
      if (total.isZero() || !row.terms[i].gap.isFinite()) return through(row, i, g[i], ZERO);
      const change = Wide.mul(row.terms[i].probability, total);
      if (row.terms[i].gap.gt(row.largestGap)) {
        return through(row, i, g[i], Wide.mul(row.farWeight, total).abs(), against(total));
      }
      const error = Wide.mul(farError, change).abs().times(2);
      if (row.levels !== null) {
        const k = row.levels.length;
        const numerator = Wide.mul(g[i], k).minus(total);
        return through(row, i, numerator, error, () => (total.isNegative() ? -1 : 1), k);
      }
      return through(row, i, Wide.sub(g[i], change), change.abs().times(row.relativeError).plus(error));
    });
  }

  return { softmaxGrad, logSoftmaxGrad };
}

/** The sign of what a number is less a share of `total`. */
function against(total: Decimal): () => number {
  return () => (total.isNegative() ? 1 : -1);
}

/** An exponential in a sum: coefficient e^-gap. */
interface Term {
  readonly gap: Decimal;
  readonly coefficient: Decimal;
}

/** The sign of softmaxGrad_i - b, where all gaps of `row` are 0 but for far ones: of k times the sum above, with `numerator` = k^2 b. */
function tipOfSoftmaxGrad(row: ExactRow, g: readonly Decimal[], i: number, numerator: Decimal): number {
  const k = row.levels?.length ?? 0;
  const shift = Wide.mul(numerator, 2);
  const b = Wide.div(numerator, k);
  const far = grouped(
    row.far.map((j) => ({ gap: row.terms[j].gap, coefficient: Wide.sub(g[i], g[j]).times(k).minus(shift) })),
  );
  const counts = grouped(row.far.map((j) => ({ gap: row.terms[j].gap, coefficient: new Wide(1) })));
  const terms = far.filter(({ coefficient }) => !coefficient.isZero());
  if (terms.length === 0) return b.isNegative() ? 1 : -1;
  const slowest = Wide.min(terms[0].gap, Wide.mul(counts[0].gap, 2));
  for (let digits = 28; digits <= 224; digits *= 2) {
    const sign = signOf(terms, counts, b, slowest, digits);
    if (sign !== 0) return sign;
  }
  throw new Error('224 digits do not decide to which side of a rounding boundary an answer is');
}

/** The sign of Σ terms - b (Σ counts)^2; 0 where so many digits do not show it. Gaps ascend, from `slowest` on. */
function signOf(
  terms: readonly Term[],
  counts: readonly Term[],
  b: Decimal,
  slowest: Decimal,
  digits: number,
): number {
  const { Decimal: D, expNegative } = elementary(digits);
  const reach = 2.5 * digits + 130;
  let sum: Decimal = new D(0);
  let magnitude: Decimal = new D(0);
  let beyond: Decimal = ZERO;
  let added = 0;
  function add(gap: Decimal, coefficient: Decimal): boolean {
    const relative = Wide.sub(gap, slowest);
    if (relative.gt(reach)) return false;
    const term = D.mul(expNegative(relative), coefficient);
    sum = D.add(sum, term);
    magnitude = D.add(magnitude, term.abs());
    added++;
    return true;
  }
  for (const { gap, coefficient } of terms) {
    if (!add(gap, coefficient)) beyond = beyond.plus(coefficient.abs());
  }
  let pairs: Decimal = ZERO;
  for (const one of counts) {
    for (const other of counts) {
      const coefficient = Wide.mul(one.coefficient, other.coefficient);
      if (!add(Wide.add(one.gap, other.gap), Wide.mul(b, coefficient).neg())) break;
    }
    pairs = pairs.plus(one.coefficient);
  }
  beyond = beyond.plus(pairs.times(pairs).times(b.abs()));
  const error = magnitude.times(`${added + 20}e${1 - digits}`).plus(beyond.times(weightBeyond(reach)));
  return sum.abs().gt(error) ? sum.cmp(0) : 0;
}

/** Terms of the same gap made one, by ascending gap. */
function grouped(terms: readonly Term[]): Term[] {
  const groups = new Map<string, Term>();
  for (const term of terms) {
    const key = term.gap.toString();
    const coefficient = Wide.add(groups.get(key)?.coefficient ?? ZERO, term.coefficient);
    groups.set(key, { gap: term.gap, coefficient });
  }
  return [...groups.values()].sort((a, b) => a.gap.cmp(b.gap));
}
