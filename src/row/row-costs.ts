/**
 * What the steps of a row may cost by a profile: the part of every error budget that all operations share.
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
 * A row with one finite logit has S = 1 and L = 0 exactly in every shifted algorithm, and x - fl(x + 0) is 0 as x - x is: no error is
 * allowed there.
 *
 * 2^fl(d c), c = log2 e (1 + delta), |delta| < 0.224 u: the product's rounding and the constant's are relative to d, and so 1.224 u of
 * perGap. They leave logarithms alone, whose shift is the subtraction only.
 *
 * 2^fma(x, c, -fl(m c)): with fl(m c) = m c (1 + e), |e| <= u, the exponent is -(d c + m c e) (1 + e'), |e'| <= u. In base e that
 * is d, off by 1.224 u relative, and rho = -m e (1 + delta), the same for the whole row but for its part rho e'. As S is off by e^rho too,
 * probabilities are not: each weight costs u |m| u more, in units of u that is u |m|. ln S is off by rho, |rho| <= u |m| (1 + u), and
 * a floor of a weight counts e^|rho| times. The largest weight is e^rho, not 1, and so its exp is not exact.
 *
 * The same online, as FlashAttention-2 has it: each block has a maximum m_b of its own, whose rho_b is of that block alone, and |m_b| <= |m| + d_i for its logits. A weight
 * is then off by rho_b - rho, 2 |m| + 2 d_i more in units of u, its numerator is rescaled as the sum is, and beyond 2^23 nothing is promised.
 *
 * A scale that is multiplied after the maximum is subtracted may be so in one operation, fma(x, s, -fl(max s)): the largest weight is then e^rho, rho = max s - fl(max s),
 * |rho| <= u |m|, as above but for logarithms, from which rho is taken again.
 *
 * Other formats. u is that of the arithmetic. With intermediates rounded to a storage S, each rounding u_S relative: kappa_s of the
 * gaps, the constant of the weights, one of S and one of ln S. Then, or where u is large, gaps are not small beside 1 / u, nor what is lost below the normal range beside 1:
 *  - a term of the sum is off by e^(d g) (1 + gamma(constant + ...)) - 1, g = (kappa_s + perGap) u. With G = sum p_j (e^(d_j g) - 1),
 *    the terms' weighted mean is (1 + G) (1 + gamma(x)) - 1 <= gamma(G / u + x), as 1 + G <= 1 / (1 - G).
 *  - softmax: p_i (e^(d_i g) (1 + gamma(constant + E_S + kappa_d)) - 1) + floor. A weight that is subnormal in S is off by f =
 *    S's smallest / 2 beside, and so are the others in the sum: (f / S + p_i n f, at most f (1 / S + n)) times the factor above.
 *  - a weight below the normal range, off by a floor f, is missed in the sum by all others too: with n - 1 of them, and S >= 1, 1 / S is off by
 *    a / (1 - a), a = (n - 1) f / S. Of FP32 that is below 2^-100; of FP16, whose normal numbers begin at 2^-14, 2,047 flushed weights are an eighth.
 *
 * Flush to zero. What is lost is below the smallest normal number: a weight, whose probability then is, or a probability, not both, and a term of a sum.
 *
 * Perturbed logits, and a scale after the maximum: perturbed-costs.ts.
 *
 * Source of the analysis: Blanchard, Higham & Higham, IMA J. Numer. Anal. 41 (2021), doi 10.1093/imanum/draa038,
 * (4.5) to theorem 4.3, with their x_max - x_min replaced by the row's own D and d_i.
 */
import { UNIT_ROUNDOFF } from '../float32/constants.ts';
import { gamma } from './gamma.ts';
import { MOST_GROWTH, perturbed, type Spread, spreadOf } from './perturbed-costs.ts';
import type { Profile } from './profile.ts';
import { FARTHEST, type RowAnalysis } from './row.ts';
import type { Perturbation } from './view.ts';

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
export const SECOND_ORDER = 1 + 2 ** -13;

/** A maximum whose product with log2 e loses more than this, beyond 2^30, loses the weights too: e^88 overflows. */
const MOST_LOST = 64;

/** How often a running maximum over the row, from left to right, rises after the first finite logit, if each may be off by half of `within`. */
export function strictMaxima(logits: Float32Array | Float64Array, within = 0): number {
  let rises = 0;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) {
    const x = logits[i];
    if (!(x > max - within)) continue;
    if (max !== Number.NEGATIVE_INFINITY) rises++;
    if (x > max) max = x;
  }
  return rises;
}

/** What the steps of one row that has a finite maximum may cost. Costs without a unit are plain numbers. */
export interface RowCosts {
  readonly row: RowAnalysis;
  readonly profile: Profile;
  /** u. */
  readonly unit: number;
  /** Whether what is below the normal range may be flushed to zero. */
  readonly flushes: boolean;
  /** h. */
  readonly additions: number;
  /** E_S, in u. */
  readonly sum: number;
  /** kappa_s + perGap, in u. */
  readonly perGap: number;
  /** D, or what it may be of perturbed logits. */
  readonly meanGap: number;
  /** Of all probabilities, what the perturbation of logits may change, relative: 0 where there is none. */
  readonly growth: number;
  /** What a probability costs beside its gap, in u. */
  readonly perTerm: number;
  /** What anything below the normal range may be off by. */
  readonly floor: number;
  /** n - 1 floors. */
  readonly lost: number;
  /** Of ln S. */
  readonly log: number;
  /** Whether only one logit is finite, so that nothing is added and no logarithm is taken. */
  readonly alone: boolean;
  /** What a logarithm has of the maximum on its way into it. */
  readonly throughMax: number;
  /** What lse has of the logits, which may be off before the row begins. */
  readonly ofLogits: number;
  /** Of p_i: `p_i gamma(gap perGap + perTerm) + floor`, and the floor alone for gaps above 200; where `isQuick`, that or less, without an exponential. */
  readonly probability: (i: number, isQuick?: boolean) => number;
  /** What a probability costs that is made of a stored answer, softmax or its logarithm, relative to it. */
  readonly fromStored: (i: number) => number;
  /** Of p_i after `more` roundings, without the floor. */
  readonly term: (i: number, more: number, isQuick?: boolean) => number;
  /** Of ln p_i, without what comes through the maximum. */
  readonly logProbability: (i: number) => number;
  /** At the maximum, what a gradient has of the other entries that runs backward through it, relative. */
  readonly backwardAt: (i: number) => number;
}

/** The sum of the probabilities of logits below the maximum. */
function shareBelowMax(gaps: Float64Array, probabilities: Float64Array): number {
  let share = 0;
  for (let i = 0; i < gaps.length; i++) if (gaps[i] > 0) share += probabilities[i];
  return share;
}

/** sum p_j (e^(d_j g) - 1), of the gaps up to 200; of perturbed logits what it may be. */
function meanGrowth({ gaps, probabilities }: RowAnalysis, g: number, spread: Spread | null): number {
  if (spread !== null && spread.most > MOST_GROWTH) return Number.POSITIVE_INFINITY;
  let growth = 0;
  for (let i = 0; i < gaps.length; i++) {
    if (!(gaps[i] <= FARTHEST)) continue;
    if (spread === null) growth += probabilities[i] * Math.expm1(gaps[i] * g);
    else {
      const { eta, most, shift } = spread;
      growth += probabilities[i] * Math.exp(eta[i] + shift) * Math.expm1((gaps[i] + eta[i] + most) * g);
    }
  }
  return growth;
}

/** Whether all logits but one are masked, so that its probability is 1 and its gap 0 whatever it is off by. */
function isOnly({ gaps, logSum }: RowAnalysis): boolean {
  return logSum === 0 && gaps.every((gap) => gap === 0 || gap === Number.POSITIVE_INFINITY);
}

const unperturbed: Perturbation = { eta: null, perGap: 0, ofMax: 0 };

/** What weights of different blocks are off by, in u |m|, and as much in u d: 0 where all have one maximum subtracted, or where that is not rounded by itself. */
export function perMaxOfBlocks({ roundedScale, online }: Pick<Profile, 'roundedScale' | 'online'>): number {
  return roundedScale && online ? 2 : 0;
}

/** What `profile` lets the steps of a row cost that is `finite` or `masked`. */
export function rowCosts(logits: Float32Array | Float64Array, row: RowAnalysis, profile: Profile): RowCosts {
  const { gaps, probabilities, logSumExp } = row;
  const { division, unit: u, stored, storedFloor } = profile;
  const ofBlocks = perMaxOfBlocks(profile) * Math.abs(row.max);
  const exp = {
    ...profile.exp,
    constant: profile.exp.constant + stored,
    perGap: profile.exp.perGap + perMaxOfBlocks(profile),
  };
  const before = row.view === null ? unperturbed : row.view.perturbation(profile);
  const spread = before.eta === null || isOnly(row) ? null : spreadOf(row, before.eta);
  const subtraction = profile.subtraction + before.perGap + stored;
  const { meanGap, logSum } = spread ?? row;
  const isFused = before.ofMax > 0;
  const residue = Math.min(u * (1 + u) * Math.abs(row.max), MOST_LOST);
  const lostInScale = profile.roundedScale ? residue : 0;
  const shifted = profile.roundedScale || isFused ? residue : 0;
  const floor = profile.floor * Math.exp(shifted);
  const perGap = subtraction + exp.perGap;
  const h = additions(profile, logits.length);
  const inexact = exp.exactAtZero && spread === null && !isFused ? shareBelowMax(gaps, probabilities) : 1;
  const rescaling = profile.online ? strictMaxima(logits, 2 * (spread?.most ?? 0)) * (exp.constant + 1) : 0;
  const isCoarse = u > UNIT_ROUNDOFF || stored > 0;
  const ofGaps = isCoarse ? meanGrowth(row, perGap * u, spread) / u : meanGap * perGap;
  const secondOrder = ofBlocks === 0 ? SECOND_ORDER : 1 + 2 ** -11;
  const terms = (ofGaps + inexact * exp.constant + rescaling + shifted + ofBlocks) * secondOrder;
  const sum = h + terms + stored;
  const lost = (floor + storedFloor) * (logits.length - 1);
  const additionsOfLog = profile.log1p ? h * -Math.expm1(-logSum) * SECOND_ORDER : h;
  const inLog = gamma(terms + additionsOfLog + stored, u) + lost;
  const log = inLog + profile.log.absolute + (profile.log.relative + stored) * u * (logSum + inLog);
  const alone = row.logSum === 0 && profile.log.absolute === 0 && !profile.roundedScale && !isFused;
  const roundedMax = profile.roundedMax && row.logSum > 0 ? 2 * u * Math.abs(logSumExp) : 0;
  const throughMax = roundedMax + lostInScale * (1 + gamma(profile.log.relative + 3, u));
  const carried = ofBlocks > 0 ? ofBlocks + rescaling : 0;
  const perTerm = exp.constant + shifted + carried + sum + division;
  const lostWeight = storedFloor * (Math.exp(-row.logSum) + logits.length);
  const shareLost = lost * Math.exp(spread === null ? -row.logSum : 0);
  const ofLost = shareLost < 1 ? shareLost / (1 - shareLost) : Number.POSITIVE_INFINITY;
  /** What a weight over the sum costs, relative, after `more` roundings. */
  const relative = (gap: number, more: number): number => {
    if (!isCoarse) return gamma(gap * perGap + perTerm + more);
    const ofGap = Math.expm1(gap * perGap * u);
    const ofRow = ofGap + (1 + ofGap) * gamma(perTerm + more, u);
    return ofRow + (1 + ofRow) * ofLost;
  };
  const ofWeights = (gap: number): number => (lostWeight === 0 ? 0 : lostWeight * (1 + relative(gap, 0)));
  const plain: RowCosts = {
    row,
    profile,
    unit: u,
    flushes: profile.floor >= profile.arithmetic.minNormal,
    additions: h,
    sum,
    perGap,
    meanGap,
    growth: 0,
    perTerm,
    floor,
    lost,
    log,
    alone,
    throughMax,
    ofLogits: before.ofMax + (spread === null ? (before.eta?.[gaps.indexOf(0)] ?? 0) : 0),
    probability(i) {
      if (gaps[i] > FARTHEST) return floor;
      return probabilities[i] * relative(gaps[i], 0) + ofWeights(gaps[i]) + floor;
    },
    fromStored: (i) => (stored === 0 ? 0 : stored * u * (1 + Math.min(gaps[i], FARTHEST) + logSum)),
    term(i, more) {
      return gaps[i] > FARTHEST ? 0 : probabilities[i] * relative(gaps[i], more) + ofWeights(gaps[i]);
    },
    logProbability(i) {
      const difference = log + subtraction * u * gaps[i];
      return difference + u * (gaps[i] + logSum + difference);
    },
    backwardAt(i) {
      return profile.gradientThroughMax && gaps[i] === 0 ? gamma(sum + h + division + 4, u) : 0;
    },
  };
  return spread === null ? plain : perturbed(plain, spread, { subtraction, relative, ofWeights });
}
