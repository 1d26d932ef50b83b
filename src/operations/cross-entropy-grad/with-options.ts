/**
 * The gradient of a loss with options: U ((Q p_i - q_i) / W + 2 x lse p_i / V) dz_i / dx_i (options/loss/terms.ts).
 *
 * It is logSoftmaxGrad of the upstream values -U q_j / W, and what is said of that in row/vector-jacobian.ts holds of rational upstream values, which may be on
 * boundaries: p_i Q tips a far entry off its own. With n_j / F = q_j and one denominator F W V it is U (A p_i - B + Z lse p_i), A = V N,
 * B = V n_i, Z = 2 x F W, N = sum_j n_j. p_i is off by its relative error r, lse by e, the whole by |U| p_i (r |A + Z lse| + Z e). Rounding ends:
 *  - one logit of gap 0 and others that are far, of weight s together: p_i = 1 - s, lse = m + s, to second order of s. A part of
 *    Z - A - Z m is left, and where that is 0 one of -A - Z m, which is then -Z, times s^2 / 2.
 *  - k > 1 logits of gap 0 and no others but far ones: p_i is the rational 1 / k, but for far ones, and lse irrational. Without Z a boundary is left as -A.
 *  - a far entry has -B, tipped by A + Z lse, and where that is 0 by lse's own far weights, which are above it.
 *  - else p_i is no rational. No sum of p_i and lse p_i is known to be one.
 *
 * A row of a loss has other logits up to a gap of 770, and more, where 224 digits of p_i show 514: A - B may be a boundary, and the truth e^-641 below it. So of k maxima
 * p_i is (1 - t) / k, t what the logits beside them have of S, which has its own digits: k times the entry is (A + Z lse) (1 - t) - k B, off by |A + Z lse| t r + Z e.
 *
 * In double precision, v = 2^-53, C classes: q_i, Q, W and their products and quotients cost (C + 13) v of p_i Q / W + q_i / W, p_i its own bound.
 *
 * By a profile: p_i may come from the probability, or as e to the computed ln p_i: P is the larger error. With a = Q / W and b = 2 x |lse| / V it is
 *
 *     (a + b) P + 2 x T (p_i + P) / V + 10 u ((a + b) (p_i + P) + q_i / W) + [all classes count] h u a (p_i + P)
 *
 * times |U|, T what is allowed to lse, h the additions of C numbers; W is off by N u more, as a sum of N weights, and all of it by 2 u where rows have weights. Where q_i > 0 the entry may be minus the sum of what
 * others have: then the error of a sum of probabilities in place of (a + b) P, as budget.ts has it. Backward through the maximum, the roundings of the row's other
 * entries end there. What is below the normal range is off by a floor, times all that it may be multiplied by.
 */
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../../float32/constants.ts';
import type { LossTerms } from '../../options/loss/terms.ts';
import { probabilityError } from '../../row/approximate-row.ts';
import { type Decimal, decimalOf, Wide, ZERO } from '../../row/decimal.ts';
import type { ExactRow } from '../../row/exact-row.ts';
import { gamma, timesBound } from '../../row/gamma.ts';
import { FARTHEST } from '../../row/row.ts';
import { SECOND_ORDER } from '../../row/row-costs.ts';
import { settled, through } from '../../row/through.ts';
import { errorOfExp } from '../log-softmax-grad/budget.ts';
import { approximate as ofLogSumExp } from '../log-sum-exp/approximate.ts';
import { budget as ofLogSumExpBudget } from '../log-sum-exp/budget.ts';
import { noInputs, nothing, plain, type RowSpec } from '../operation.ts';
import { special } from './special-values.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** The gradient of the loss of a batch with these terms. */
export function gradientWithOptions(terms: LossTerms): RowSpec {
  const { zLoss, divisor, zDivisor } = terms;
  const c = 1 / divisor;
  /** 2 x / V. */
  const ofSquareAt = (r: number): number => {
    const { ofSquare: x } = terms.rows[r];
    return x === 0 ? 0 : (2 * x) / zDivisor;
  };
  const count = terms.rows.length;
  const ofDivisor = terms.reduction === 'mean' && terms.semantics.divisor === 'weights' ? count : 0;

  return {
    ...plain,
    exact({ evaluation }, i, { r }) {
      const { exactly, upstream } = terms.rows[r];
      const [W, V] = [terms.exactDivisor(), terms.exactZDivisor()];
      const { numerators, total, ofSquare: x, factor } = exactly();
      const [A, B, U] = [Wide.mul(total, V), Wide.mul(numerators[i], V), decimalOf(upstream)];
      const Z = Wide.mul(x, 2 * factor).times(W);
      const denominator = Wide.mul(W, V).times(factor);
      const signed = (sign: Decimal): number => Wide.mul(sign, U).comparedTo(0);
      return settled(evaluation, (row, farError) => {
        const { gap, probability: p } = row.terms[i];
        if (!gap.isFinite()) return through(row, i, Wide.mul(B, U).neg(), ZERO, undefined, denominator);
        const lse = Wide.add(row.max, row.logSum);
        const factorOfP = Wide.add(A, Wide.mul(Z, lse));
        const tipOf = (first: Decimal, second: Decimal) => () => signed(first.isZero() ? second : first);
        if (gap.gt(row.largestGap)) {
          const most = row.farWeight.times(factorOfP.abs().plus(Z)).times(U.abs());
          return through(
            row,
            i,
            Wide.mul(B, U).neg(),
            most.div(denominator),
            tipOf(factorOfP, Z),
            denominator,
          );
        }
        const k = row.levels?.length ?? 0;
        const isRational = row.gapError.isZero() && ((k > 0 && Z.isZero()) || k === 1);
        if (isRational) {
          const atMax = Wide.add(A, Wide.mul(Z, row.max));
          const numerator = Wide.mul(Wide.sub(atMax, Wide.mul(B, k)), U);
          const far = changeByFar(row, farError, A, Z, U);
          const tip = tipOf(Wide.sub(Z, atMax), atMax.neg());
          return through(row, i, numerator, far.div(denominator), tip, Wide.mul(denominator, k));
        }
        if (gap.isZero() && row.gapError.isZero()) {
          const { peaks: count, beside: t, relativeError } = row;
          const lost = factorOfP.times(t);
          const whole = Wide.sub(factorOfP, lost).minus(Wide.mul(B, count));
          const ofLse = Z.abs().times(row.logSumError);
          const far = changeByFar(row, farError, A, Z, U);
          const off = lost.abs().times(relativeError).plus(ofLse).times(U.abs()).plus(far);
          const by = Wide.mul(denominator, count);
          return through(row, i, Wide.mul(whole, U), Wide.div(off, denominator), undefined, by);
        }
        const value = Wide.mul(Wide.sub(factorOfP.times(p), B), U);
        const ofLse = row.logSumError.plus(row.gapError);
        const error = factorOfP
          .abs()
          .times(p)
          .times(row.relativeError)
          .plus(Z.times(p).times(ofLse))
          .times(U.abs());
        const all = error.plus(changeByFar(row, farError, A, Z, U));
        return through(row, i, value, Wide.div(all, denominator), undefined, denominator);
      });
    },
    approximate: {
      value(row, i, { r }) {
        const { coefficients: q, total, upstream } = terms.rows[r];
        const ofSquare = ofSquareAt(r);
        const p = row.probabilities[i];
        return upstream * ((total * p - q[i]) * c + (ofSquare === 0 ? 0 : ofSquare * row.logSumExp * p));
      },
      error(row, i, value, { r }) {
        const { coefficients: q, total, upstream } = terms.rows[r];
        const ofSquare = ofSquareAt(r);
        const p = row.probabilities[i];
        const ofP = p * probabilityError(row, i) + row.absoluteError;
        const own = total * c * ofP + (q.length + count + 15) * v * c * (total * p + q[i]);
        const lse = Math.abs(row.logSumExp);
        const ofLse = ofSquare === 0 ? 0 : ofLogSumExp.error(row, 0, row.logSumExp, noInputs);
        const ofZ = ofSquare === 0 ? 0 : ofSquare * (lse * (ofP + 9 * v * p) + ofLse * (p + ofP));
        return (1 + 2 ** -20) * (Math.abs(upstream) * (own + ofZ) + 2 * v * Math.abs(value));
      },
    },
    most(row, _i, { r }) {
      const { total, upstream } = terms.rows[r];
      const ofSquare = ofSquareAt(r);
      const lse = ofSquare === 0 ? 0 : Math.abs(row.max) + row.maxError + Math.log(row.gaps.length) + 1;
      return Math.abs(upstream) * (2 * c * total + ofSquare * lse);
    },
    budget(costs) {
      const { row, profile, unit: u, additions: h, floor, probability, fromStored, backwardAt } = costs;
      const { stored, storedFloor } = profile;
      const lse = Math.abs(row.logSumExp);
      const ofLse = zLoss === 0 ? 0 : ofLogSumExpBudget(costs)(0, noInputs);
      const ofSum = profile.gradientBySum
        ? gamma(costs.perTerm + h, u) * (1 + costs.growth) +
          costs.growth +
          gamma(costs.meanGap * costs.perGap * SECOND_ORDER, u) * (1 + costs.growth) +
          costs.lost
        : 0;
      const steps = gamma(
        profile.gradient + profile.division + 10 + 5 * stored + ofDivisor + (terms.isWeighted ? 2 : 0),
        u,
      );
      const adding = gamma(h + 2 * stored, u);
      return (i, { r }, isQuick = false) => {
        const { coefficients: q, total, upstream, isDense, mostWeight } = terms.rows[r];
        const a = total * c;
        const ofSquare = ofSquareAt(r);
        const b = ofSquare === 0 ? 0 : ofSquare * lse;
        const p = row.probabilities[i];
        const byExp = row.gaps[i] > FARTHEST ? 0 : errorOfExp(costs, i, isQuick);
        const ofProbability = Math.max(probability(i, isQuick), byExp);
        const P = ofProbability * (1 + fromStored(i)) + p * Math.expm1(fromStored(i));
        const own = q[i] * c;
        const bySum = isDense ? own + a * p : own * (1 - p);
        const dense = isDense ? adding : 0;
        const allowed =
          (q[i] > 0 ? Math.max(timesBound(a + b, P), timesBound(bySum, ofSum)) : timesBound(a + b, P)) +
          timesBound(ofSquare * (p + P), ofLse) +
          timesBound((a + b) * (p + P) + own, steps) +
          timesBound(a * (p + P), dense) +
          timesBound(2 * (a + b), backwardAt(i));
        const times = (1 + c) * (1 + b) * (mostWeight + total) * (1 + Math.abs(upstream));
        const least = (floor + 3 * storedFloor) * times;
        return timesBound(Math.abs(upstream), allowed) + least;
      };
    },
    special,
    masked: 0,
    derivative(row, i, { r }) {
      const { coefficients: q, total, upstream } = terms.rows[r];
      const p = row.probabilities[i];
      return Math.abs(upstream) * (c * (total * p + q[i]) + ofSquareAt(r) * Math.abs(row.logSumExp) * p);
    },
    isInRange: () => true,
    roundsToPlusZero: () => true,
    intermediates({ logSumExp }, _i, { r }) {
      const { total, ofSquare, upstream, mostWeight, isIgnored, isNothing } = terms.rows[r];
      // What is multiplied by a weight of 0 is computed all the same.
      if (isIgnored || (isNothing && zLoss === 0)) return nothing;
      const lse = zLoss === 0 ? 0 : Math.abs(logSumExp);
      const U = Math.max(1, Math.abs(upstream));
      const ofSquares = 2 * U * Math.max(1, zLoss, ofSquare) * lse;
      return { named: ofSquares, most: U * Math.max(1, c) * (total + mostWeight) + ofSquares };
    },
    unit: (_, { r }) => {
      const { total, upstream } = terms.rows[r];
      return Math.abs(upstream) * (total * c + ofSquareAt(r)) || 1;
    },
  };
}

/** What far weights may change of U (A + Z lse) p_i, p_i at most 1. */
function changeByFar(row: ExactRow, farError: Decimal, A: Decimal, Z: Decimal, U: Decimal): Decimal {
  if (farError.isZero()) return ZERO;
  const lse = row.max.abs().plus(row.logSum).plus(1);
  return Wide.add(A.abs(), Z.times(lse)).times(farError).times(U.abs()).times(4);
}
