/**
 * The error that a profile allows to each number of an answer.
 *
 * Notation: m the row's max, d_i = m - x_i its gaps, w_i = e^-d_i, S = sum w_i in [1, n], p_i = w_i / S,
 * L = ln S, lse = m + L, D = sum p_i d_i; u = 2^-24; gamma(k) = k u / (1 - k u), which bounds any product
 * of k factors (1 + delta)^(+-1) with |delta| <= u, less 1 (Higham, Accuracy and Stability, lemma 3.1).
 *
 * Sum. A shift rounded by (1 + delta) turns e^-d into e^-d * e^(d delta): relative error d u to first order,
 * and exp adds its own. Weighted by p_i, the errors of the terms cost D (kappa_s + perGap) + constant * q in
 * relative error of S, where q = sum of the p_i with d_i > 0, because exp(0) = 1 is exact. Each term goes
 * through at most h additions. An online algorithm rescales at each of its R strict maxima: one exp and one
 * product, whose gap-dependent parts telescope. So
 *
 *     E_S = h + (D (kappa_s + perGap) + q constant + R (constant + 1)) (1 + 2^-13)      relative, in u
 *
 * The 2^-13 is for second orders: the terms' errors g_j count as the mean of gamma(h + g_j), which is more than gamma of the
 * mean, but less than g_j u more of g_j, and g_j u < 2^-13 for gaps up to 200. What is beyond weighs less than e^-200.
 *
 * softmax: numerator, sum and division, p_i gamma(d_i (kappa_s + perGap) + constant + E_S + kappa_d) + floor.
 * Where d_i > 200 the answer and its error are both below e^-(d_i (1 - 2^-20)) < 2^-250: the floor alone.
 *
 * log S: |ln(1 + eta)| <= gamma(E_S), as ln(1 + u)^k <= k u and -k ln(1 - u) <= gamma(k). log itself adds
 * kappa_l u (L + gamma(E_S)), and each of the following additions u times its result. With log1p of s = S - 1 the h
 * additions are of s alone, and count by its share s/S = 1 - e^-L.
 *
 * Below the normal range an exp has an absolute error, and all of n - 1 may: the floor n - 1 times, in S and so in L.
 *
 * The loss's gradient. Its entry at the target is p_t - 1, off by what p_t is; or minus the sum of the others, each off by
 * gamma(d_j (kappa_s + perGap) + constant + E_S + kappa_d) relative, of which the gaps' part comes to D (kappa_s + perGap) at most,
 * added with h additions. That is (1 - p_t) gamma(constant + E_S + kappa_d + h) + gamma(D (kappa_s + perGap)), and n - 1 floors.
 *
 * Vector-Jacobian products. Let p^ be off by the softmax budget, P_i, and t_i its factor, h the additions of a term as
 * above. gradient + kappa_d more roundings of either term pay for every way to multiply out, g p - p c, g / S, ….
 *
 *  - softmaxGrad p_i (g_i - c), c = sum_j g_j p_j: c^ is within C = sum_j |g_j| (p_j gamma(t_j + h + 1) + floor) + 2n floor
 *    of c. With a = |g_i| + sum_j |g_j| p_j, at least |g_i - c|,
 *        P_i a + (p_i + P_i) C + (p_i + P_i) a gamma(gradient + kappa_d) + floor.
 *    a stands for |g_i - c|, which cancels and would have to be known to 2^-30: C is of that size already.
 *  - logSoftmaxGrad g_i - p_i V, V = sum_j g_j, over masked entries too: V^ is within E = gamma(h) sum_j |g_j| + n floor.
 *    p^ may be e to the kernel's own ln p_i, off by a = that budget (without what a rounded max adds: exp of it would be
 *    wrong throughout, as for softmax) and exp's own at |ln p_i|: Q_i = p_i (e^(a + gamma(…)) - 1), or P_i if that is more.
 *        Q_i |V| + (p_i + Q_i) E + gamma(gradient + kappa_d) (|g_i| + (p_i + Q_i) (|V| + E)) + floor.
 *  - Backward through the max, the roundings of a row's other entries end at the max: 2 gamma(…) of the terms' magnitudes.
 *
 * A row with one finite logit has S = 1 and L = 0 exactly in every shifted algorithm, and x - fl(x + 0) is 0 as x - x is: no error is
 * allowed there. A masked entry of a product is exactly 0 or g_i.
 *
 * 2^fl(d c), c = log2 e (1 + delta), |delta| < 0.224 u: the product's rounding and the constant's are relative to d, and so 1.224 u of
 * perGap. They leave logarithms alone, whose shift is the subtraction only.
 *
 * 2^fma(x, c, -fl(m c)): with fl(m c) = m c (1 + e), |e| <= u, the exponent is -(d c + m c e) (1 + e'), |e'| <= u. In base e that
 * is d, off by 1.224 u relative, and rho = -m e (1 + delta), the same for the whole row but for its part rho e'. As S is off by e^rho too,
 * probabilities are not: each weight costs u |m| u more, in units of u that is u |m|. ln S is off by rho, |rho| <= u |m| (1 + u), and
 * a floor of a weight counts e^|rho| times. The largest weight is e^rho, not 1, and so its exp is not exact.
 *
 * Flush to zero. What is lost is below 2^-126: a weight, whose probability then is, or a probability, not both, and a term of a sum.
 * The entry of a product may lose two, g p and p c, or one and the upstream value.
 *
 * Source of the analysis: Blanchard, Higham & Higham, IMA J. Numer. Anal. 41 (2021), doi 10.1093/imanum/draa038,
 * (4.5) to theorem 4.3, with their x_max - x_min replaced by the row's own D and d_i.
 */
import { type Batch, rowOf } from '../core/batch.ts';
import {
  answersBatch,
  definitions,
  numbersPerRow,
  type Operation,
  rowAt,
  usesTargets,
  usesUpstream,
} from '../core/operation.ts';
import { MIN_NORMAL, UNIT_ROUNDOFF } from '../float32/constants.ts';
import type { Inputs } from '../oracle/float64.ts';
import { isSpecial } from '../oracle/special-values.ts';
import type { RowAnalysis } from '../row/row.ts';
import { rowUpstream } from '../row/upstream.ts';
import type { Profile } from './profile.ts';

const u = UNIT_ROUNDOFF;

/** k u / (1 - k u), or Infinity once k u reaches 1 and nothing is promised. */
export function gamma(k: number): number {
  const ku = k * u;
  return ku < 1 ? ku / (1 - ku) : Number.POSITIVE_INFINITY;
}

/** Up to so many terms are added one after another even by what has lanes: PyTorch's logsumexp does so with ten. */
const FEW = 10;

/** The additions that a term may go through, at most n - 1 of them whatever the order. It never falls as n grows. */
function additions({ summation }: Profile, n: number): number {
  if (summation.order === 'sequential') return n - 1;
  if (summation.order === 'once') return Math.min(n - 1, 1);
  const inLanes = Math.ceil(n / summation.lanes) - 1 + Math.ceil(Math.log2(summation.lanes)) + 1;
  return Math.min(n - 1, Math.max(FEW - 1, inLanes));
}

/** What the mean of gamma is more than gamma of the mean. */
const SECOND_ORDER = 1 + 2 ** -13;

/** A maximum whose product with log2 e loses more than this, beyond 2^30, loses the weights too: e^88 overflows. */
const MOST_LOST = 64;

/** How often a running maximum over the row, from left to right, rises after the first finite logit. */
export function strictMaxima(logits: Float32Array): number {
  let rises = 0;
  let max = Number.NEGATIVE_INFINITY;
  for (const x of logits) {
    if (!(x > max)) continue;
    if (max !== Number.NEGATIVE_INFINITY) rises++;
    max = x;
  }
  return rises;
}

/** Allowed errors within one row that has a finite maximum; `i` is never a masked entry, but for the gradient's target. */
export interface RowBudget {
  /** `probabilities[i] * gamma(gaps[i] * perGap + perTerm) + floor`; `floor` alone for gaps above 200. */
  readonly softmax: (i: number) => number;
  readonly perGap: number;
  readonly perTerm: number;
  readonly floor: number;
  readonly logSoftmax: (i: number) => number;
  readonly logSumExp: () => number;
  readonly crossEntropyGrad: (i: number, inputs: Inputs) => number;
  readonly softmaxGrad: (i: number, inputs: Inputs) => number;
  readonly logSoftmaxGrad: (i: number, inputs: Inputs) => number;
}

/** The sum of the probabilities of logits below the maximum. */
function shareBelowMax(gaps: Float64Array, probabilities: Float64Array): number {
  let share = 0;
  for (let i = 0; i < gaps.length; i++) if (gaps[i] > 0) share += probabilities[i];
  return share;
}

/** What `profile` allows in a row that is `finite` or `masked`. */
export function rowBudget(logits: Float32Array, row: RowAnalysis, profile: Profile): RowBudget {
  const { gaps, probabilities, logSum, logSumExp, meanGap } = row;
  const { exp, subtraction, division } = profile;
  const lostInScale = profile.roundedScale
    ? Math.min(u * (1 + u) * Math.abs(logSumExp - logSum), MOST_LOST)
    : 0;
  const floor = profile.floor * Math.exp(lostInScale);
  const perGap = subtraction + exp.perGap;
  const h = additions(profile, logits.length);
  const inexact = exp.exactAtZero ? shareBelowMax(gaps, probabilities) : 1;
  const rescaling = profile.online ? strictMaxima(logits) * (exp.constant + 1) : 0;
  const terms = (meanGap * perGap + inexact * exp.constant + rescaling + lostInScale) * SECOND_ORDER;
  const sum = h + terms;
  const lost = floor * (logits.length - 1);
  const additionsOfLog = profile.log1p ? h * -Math.expm1(-logSum) * SECOND_ORDER : h;
  const inLog = gamma(terms + additionsOfLog) + lost;
  const log = inLog + profile.log.absolute + profile.log.relative * u * (logSum + inLog);
  const alone = logSum === 0 && profile.log.absolute === 0 && !profile.roundedScale;
  const roundedMax = profile.roundedMax && logSum > 0 ? 2 * u * Math.abs(logSumExp) : 0;
  const throughMax = roundedMax + lostInScale * (1 + gamma(profile.log.relative + 3));

  const perTerm = exp.constant + lostInScale + sum + division;
  const softmax = (i: number): number => {
    if (gaps[i] > 200) return floor;
    return probabilities[i] * gamma(gaps[i] * perGap + perTerm) + floor;
  };
  const logSoftmax = (i: number): number => {
    const difference = log + subtraction * u * gaps[i];
    return difference + u * (gaps[i] + logSum + difference);
  };
  const backwardAt = (i: number): number =>
    profile.gradientThroughMax && gaps[i] === 0 ? gamma(sum + h + division + 4) : 0;
  const multiplying = gamma(profile.gradient + division);
  const ofProduct = floor >= MIN_NORMAL ? 2 * floor : floor;
  const bySum = (others: number): number =>
    others * gamma(perTerm + h) + gamma(meanGap * perGap * SECOND_ORDER) + lost;

  let dotError: number | undefined;
  function errorOfDot(upstream: Float32Array): number {
    let error = 2 * gaps.length * floor;
    for (let j = 0; j < gaps.length; j++) {
      if (gaps[j] === Number.POSITIVE_INFINITY) continue;
      const ofTerm = gaps[j] > 200 ? 0 : probabilities[j] * gamma(gaps[j] * perGap + perTerm + h + 1);
      error += Math.abs(upstream[j]) * (ofTerm + floor);
    }
    return error;
  }

  /** Of e to the computed ln p_i. */
  function errorOfExp(i: number): number {
    const ofExp = gamma(exp.constant + exp.perGap * (gaps[i] + logSum));
    return probabilities[i] * Math.expm1((alone ? 0 : logSoftmax(i)) + ofExp) + floor;
  }

  return {
    softmax,
    perGap,
    perTerm,
    floor,
    logSoftmax(i) {
      return alone ? 0 : logSoftmax(i) + throughMax;
    },
    logSumExp() {
      const flushed = floor >= MIN_NORMAL ? floor : 0;
      if (alone) return flushed;
      return log + u * (Math.abs(logSumExp) + log) + throughMax + flushed;
    },
    crossEntropyGrad(i, { target, share }) {
      const exact = i === target ? 1 - probabilities[i] : probabilities[i];
      const ofProbability =
        i === target && profile.gradientBySum ? Math.max(softmax(i), bySum(exact)) : softmax(i);
      return share * (ofProbability + profile.gradient * u * exact + backwardAt(i)) + floor;
    },
    softmaxGrad(i, { upstream }) {
      if (upstream === null) return Number.NaN;
      dotError ??= errorOfDot(upstream.values);
      const error = softmax(i);
      const most = Math.abs(upstream.values[i]) + upstream.meanMagnitude;
      const steps = (probabilities[i] + error) * (dotError + most * multiplying);
      return error * most + steps + 2 * upstream.meanMagnitude * backwardAt(i) + ofProduct;
    },
    logSoftmaxGrad(i, { upstream }) {
      if (upstream === null) return Number.NaN;
      const total = Math.abs(upstream.total);
      const totalError = gamma(h) * upstream.magnitude + (floor >= MIN_NORMAL ? floor * gaps.length : 0);
      const error = Math.max(softmax(i), gaps[i] > 200 ? 0 : errorOfExp(i));
      const most = probabilities[i] + error;
      const product = error * total + most * totalError;
      const steps = multiplying * (Math.abs(upstream.values[i]) + most * (total + totalError));
      return product + steps + 2 * upstream.magnitude * backwardAt(i) + ofProduct;
    },
  };
}

/** Each row's budgets; null where the row has no finite maximum. */
export function rowBudgets(
  batch: Batch,
  rows: readonly RowAnalysis[],
  profile: Profile,
): readonly (RowBudget | null)[] {
  return rows.map((row, r) => (isSpecial(row.kind) ? null : rowBudget(rowOf(batch, r), row, profile)));
}

/**
 * The absolute error that `profile` allows to number `k` of the answer of `operation`. Zero for special values and
 * masked entries, and Infinity where the profile promises nothing.
 */
export function budgetOf(operation: Operation, k: number, oracle: RowSource, profile: Profile): number {
  const { batch } = oracle;
  const { cols } = batch;
  if (answersBatch(operation))
    return meanLossBudget(batch, oracle.rows, rowBudgets(batch, oracle.rows, profile), profile);
  const perRow = numbersPerRow(operation, cols);
  const r = Math.floor(k / perRow);
  const i = k % perRow;
  const row = oracle.row(r);
  if (isSpecial(row.kind)) return 0;
  if (isMaskedEntry(operation, batch, k)) return 0;
  return rowBudget(rowOf(batch, r), row, profile)[operation](i, inputsAt(operation, k, oracle));
}

/** What the formulas of `operation` need beside the row of number `k`. */
export function inputsAt(operation: Operation, k: number, { batch, row }: RowSource): Inputs {
  const { rows, cols, targets } = batch;
  const r = rowAt(operation, k, cols) as number;
  const upstream = usesUpstream(operation) ? rowUpstream(batch, r, row(r)) : null;
  return { target: targets[r], share: 1 / rows, upstream };
}

/** Whether number `k` of the answer is a masked logit's own, which is exactly {@link maskedAnswer}. */
export function isMaskedEntry(operation: Operation, { logits, cols, targets }: Batch, k: number): boolean {
  if (definitions[operation].answers !== 'logit' || logits[k] !== Number.NEGATIVE_INFINITY) return false;
  return !usesTargets(operation) || k % cols !== targets[Math.floor(k / cols)];
}

/** What number `k` is exactly, where it is a masked logit's own. */
export function maskedAnswer(operation: Operation, batch: Batch, k: number): number {
  if (operation === 'logSoftmax') return Number.NEGATIVE_INFINITY;
  return operation === 'logSoftmaxGrad' ? (batch.upstream?.[k] ?? 1) : 0;
}

/** Where budgets find the rows: an oracle. */
interface RowSource {
  readonly batch: Batch;
  readonly rows: readonly RowAnalysis[];
  readonly row: (r: number) => RowAnalysis;
}

/** What `profile` allows to the mean loss; 0 when a row's loss is special, where its budget is null. */
export function meanLossBudget(
  { targets }: Batch,
  rows: readonly RowAnalysis[],
  budgets: readonly (RowBudget | null)[],
  profile: Profile,
): number {
  let allowed = 0;
  let losses = 0;
  for (const [r, row] of budgets.entries()) {
    const gap = rows[r].gaps[targets[r]];
    if (row === null || gap === Number.POSITIVE_INFINITY) return 0;
    allowed += row.logSoftmax(targets[r]);
    losses += gap + rows[r].logSum;
  }
  if (rows.length === 1) return allowed + profile.floor;
  return (allowed + gamma(rows.length) * (losses + allowed)) / rows.length + profile.floor;
}
