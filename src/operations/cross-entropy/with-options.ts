/**
 * A loss with options: of each row sum_j q_j (d_j + L) + zLoss lse^2 (options/loss/terms.ts), over what the mean divides by, or as it is.
 *
 * Exactly. With q_j = n_j / F and one denominator, (V sum_r sum_j n_j (d_j + L) + zLoss F W sum_r lse^2) / (F W V). No term but those of L has an error, e
 * of each L and g of m and of each gap: N (e + g) of a row, N = sum_j n_j, and (2 |lse| + e + g) (e + g) of lse^2. That the rounding ends: a
 * loss that is on a boundary makes a polynomial with rational coefficients of L vanish. L = ln S is transcendental or 0, by Lindemann, as S is a sum of
 * powers of e; so the polynomial is constant, which its leading coefficient, of N and of zLoss, forbids unless all is 0. Where far weights alone make L, they tip
 * the loss off a boundary with the sign of N + 2 zLoss m, as true weights do: the reach of exact-row.ts is more for it. As d_j, m and n_j are multiples
 * of 2^-149, 2^-149 and 2^-447, a loss less its part of L is a multiple of 2^-900.
 *
 * In double precision, v = 2^-53, C classes: a row is off by (gapSlope + (C + 9) v) of itself and Q (logSumError + gapError), as in
 * logSoftmax; zLoss lse^2 by (2 |lse| + f) f zLoss + 4 v of itself, f the bound of lse; N rows by (N + 4) v more.
 *
 * By a profile, T_j what it allows to ln p_j, h the additions of C numbers, u the unit roundoff. A row is the sum of products: its weights and their
 * product cost 5 u and h u of sum_j q_j |ln p_j| where all classes count. Kernels that take lse - z_j add the z_j and lse by themselves: where the
 * profile's maximum is rounded, h + 5 more of sum_j q_j (|z_j| + |lse|). What is below the normal range, of weight w at most, costs a floor each: q_j, which ln p_j is
 * multiplied by, and a product, w floor (C + sum_j |ln p_j|). zLoss lse^2: zLoss (2 |lse| + T) T + 4 u of itself. Both are added, u. Then
 * the N rows, gamma(N), and the divisor, whose sum of weights has N u more, and three roundings.
 */
import { UNIT_ROUNDOFF_OF_DOUBLE } from '../../float32/constants.ts';
import type { LossTerms, RowTerms } from '../../options/loss/terms.ts';
import { type Decimal, decimalOf, Wide, ZERO } from '../../row/decimal.ts';
import { gamma, timesBound } from '../../row/gamma.ts';
import { isSpecial, type RowAnalysis, type RowKind } from '../../row/row.ts';
import type { RowCosts } from '../../row/row-costs.ts';
import { refineAll, settle } from '../../row/ziv.ts';
import { budget as ofLogSoftmax } from '../log-softmax/budget.ts';
import { approximate as ofLogSumExp } from '../log-sum-exp/approximate.ts';
import { budget as ofLogSumExpBudget } from '../log-sum-exp/budget.ts';
import { type LossRow, type LossSpec, noInputs } from '../operation.ts';
import { special } from './special-values.ts';

const v = UNIT_ROUNDOFF_OF_DOUBLE;

/** A product of two or three factors in FP32 below this may be 0: each step rounds to a multiple of 2^-149, and halves of it to 0. */
const FAINT = 2 ** -148;

/** The loss of a batch with these terms. */
export function lossWithOptions(terms: LossTerms): LossSpec {
  const { zLoss, divisor, zDivisor, semantics } = terms;
  const isEach = terms.reduction === 'none';
  const isByWeights = terms.reduction === 'mean' && semantics.divisor === 'weights';
  /** The rows of number `k`. */
  const indices = Array.from(terms.rows.keys());
  const rowsOf = (k: number): readonly number[] => (isEach ? [k] : indices);

  /** What the loss is where it is no number of the reals, and null where it is; `isPositive` tells whether a row's loss is above 0. */
  function constantOf(
    kindOf: (r: number) => RowKind,
    isMasked: (r: number, j: number) => boolean,
    isPositive: (r: number) => boolean,
    k: number,
  ): number | null {
    const outcomes = rowsOf(k).map((r) => outcomeOf(terms, r, kindOf(r), (j) => isMasked(r, j)));
    if (outcomes.includes('nan')) return Number.NaN;
    if (outcomes.includes('infinite')) return Number.POSITIVE_INFINITY;
    if (divisor > 0) return null;
    // The targets' own part is 0 / 0, whatever there is of all classes.
    if (semantics.empty === 'nan') return Number.NaN;
    return rowsOf(k).some((r) => !terms.rows[r].isNothing && isPositive(r)) ? Number.POSITIVE_INFINITY : 0;
  }

  const exact: LossSpec['exact'] = (rows, _targets, k) => {
    const constant = constantOf(
      (r) => rows[r].kind,
      (r, j) => !(rows[r].evaluation?.current().terms[j].gap.isFinite() ?? true),
      (r) => exactRow(rows, r).value.gt(0),
      k,
    );
    if (constant !== null) return { value: new Wide(constant), rounded: constant };
    const counted = rowsOf(k).filter((r) => !terms.rows[r].isNothing);
    if (counted.length === 0) return { value: ZERO, rounded: 0 };
    const { factor } = terms.rows[counted[0]].exactly();
    const denominator = Wide.mul(factor, terms.exactDivisor).times(zDivisor);
    const alpha = Wide.mul(decimalOf(zLoss), factor).times(terms.exactDivisor);
    const evaluations = counted.flatMap((r) => rows[r].evaluation ?? []);
    return settle(
      () => {
        let value = ZERO;
        let error = ZERO;
        for (const r of counted) {
          const row = exactRow(rows, r);
          value = value.plus(Wide.mul(row.value, zDivisor));
          error = error.plus(Wide.mul(row.error, zDivisor));
          if (zLoss === 0) continue;
          value = value.plus(Wide.mul(alpha, row.lse).times(row.lse));
          error = error.plus(row.lse.abs().times(2).plus(row.lseError).times(row.lseError).times(alpha));
        }
        return { value: Wide.div(value, denominator), error: Wide.div(error, denominator) };
      },
      () => refineAll(evaluations),
    );
  };

  /** F times a row's loss without zLoss, and its lse. */
  function exactRow(rows: readonly LossRow[], r: number): ExactLoss {
    const { numerators, total } = terms.rows[r].exactly();
    const row = rows[r].evaluation?.current();
    if (row === undefined) return { value: ZERO, error: ZERO, lse: ZERO, lseError: ZERO };
    let value = Wide.mul(total, row.logSum);
    for (const [j, numerator] of numerators.entries())
      if (!numerator.isZero()) value = value.plus(Wide.mul(numerator, row.terms[j].gap));
    const lseError = row.logSumError.plus(row.gapError);
    return {
      value,
      error: value.isZero() ? ZERO : Wide.mul(total, lseError),
      lse: Wide.add(row.max, row.logSum),
      lseError,
    };
  }

  const approximate: LossSpec['approximate'] = (rows, _targets, k) => {
    const losses = rowsOf(k).map((r) => (isSpecial(rows[r].kind) ? 0 : lossOf(terms.rows[r], rows[r])));
    const constant = constantOf(
      (r) => rows[r].kind,
      (r, j) => rows[r].gaps[j] === Number.POSITIVE_INFINITY,
      (r) => losses[isEach ? 0 : r] > 0,
      k,
    );
    if (constant !== null) return { value: constant, error: 0 };
    let [sum, ofSum, squares, ofSquares] = [0, 0, 0, 0];
    for (const [at, r] of rowsOf(k).entries()) {
      const { isNothing, total, coefficients } = terms.rows[r];
      if (isNothing) continue;
      const row = rows[r];
      sum += losses[at];
      if (losses[at] > 0)
        ofSum +=
          losses[at] * (row.gapSlope + (coefficients.length + 9) * v) +
          total * (row.logSumError + row.gapError);
      if (zLoss === 0) continue;
      const square = zLoss * row.logSumExp * row.logSumExp;
      const ofLse = ofLogSumExp.error(row, 0, row.logSumExp, noInputs);
      squares += square;
      ofSquares += zLoss * (2 * Math.abs(row.logSumExp) + ofLse) * ofLse + 4 * v * square;
    }
    const value = sum / divisor + (squares === 0 ? 0 : squares / zDivisor);
    const error = ofSum / divisor + (ofSquares === 0 ? 0 : ofSquares / zDivisor);
    return { value, error: (1 + 2 ** -20) * (error + (rows.length + 4) * v * value) };
  };

  const budget: LossSpec['budget'] = (costs, _targets, profile, k) => {
    const { unit: u, stored, storedFloor, floor } = profile;
    if (divisor === 0) return 0;
    let [allowed, losses, lost] = [0, 0, 0];
    for (const r of rowsOf(k)) {
      const row = terms.rows[r];
      if (row.isNothing) continue;
      const ofRow = costs[r];
      if (ofRow === null) return 0;
      const cost = rowBudget(row, ofRow, zLoss);
      if (Number.isNaN(cost.loss) || cost.loss === Number.POSITIVE_INFINITY) return 0;
      const toMean = divisor / zDivisor;
      allowed += cost.ofLoss + toMean * cost.ofSquare;
      losses += cost.loss + toMean * cost.square;
      lost += floor + 3 * storedFloor;
    }
    if (losses === 0 && allowed === 0) return 0;
    const ofStored = timesBound(8 * stored * u, losses + allowed);
    allowed += ofStored;
    const count = rowsOf(k).length;
    const steps = gamma((isByWeights ? 2 : 1) * count + 4, u);
    const all = allowed + timesBound(steps, losses + allowed) + lost;
    return all / divisor + floor + 3 * storedFloor;
  };

  /** Whether masked classes make the loss infinite, by weights below {@link FAINT} alone. */
  function isFaint(rows: readonly RowAnalysis[], k: number): boolean {
    const ofMasked = rowsOf(k)
      .filter((r) => !terms.rows[r].isIgnored)
      .flatMap((r) =>
        [...terms.rows[r].coefficients].filter(
          (q, j) => q > 0 && rows[r].gaps[j] === Number.POSITIVE_INFINITY,
        ),
      );
    return ofMasked.length > 0 && ofMasked.every((q) => q < FAINT);
  }

  const intermediates: LossSpec['intermediates'] = (rows, _targets, k) => {
    let [named, most] = [0, 0];
    for (const r of rowsOf(k)) {
      const row = terms.rows[r];
      // What is multiplied by 0 is computed all the same.
      if (row.isIgnored || isSpecial(rows[r].kind)) continue;
      const { gaps, logSum, logSumExp } = rows[r];
      named = Math.max(
        named,
        lossOf(row, rows[r]),
        zLoss === 0 ? 0 : Math.max(1, zLoss) * logSumExp * logSumExp,
      );
      for (let j = 0; j < row.coefficients.length; j++) {
        const isFree = row.coefficients[j] === 0;
        if (gaps[j] === Number.POSITIVE_INFINITY || (isFree && !row.isMultipliedBy0(j))) continue;
        named = Math.max(named, gaps[j] + logSum);
        most += Math.max(row.mostWeight, row.coefficients[j]) * (gaps[j] + logSum);
      }
      if (zLoss > 0) most += logSumExp * logSumExp;
    }
    return { named, most: Math.max(named, most) };
  };

  return {
    exact,
    approximate,
    budget,
    intermediates,
    special,
    standing(rows, k, got) {
      // What the target has of all classes may be added before it is multiplied or divided, and is infinite then.
      const isTogether = rowsOf(k).every((r) => {
        const { kind, gaps } = rows[r];
        return outcomeOf(terms, r, kind, (j) => gaps[j] === Number.POSITIVE_INFINITY, true) !== 'nan';
      });
      const isOfSome = divisor > 0 || rowsOf(k).some((r) => !terms.rows[r].isNothing);
      if (isTogether && isOfSome && got === Number.POSITIVE_INFINITY) return 'right';
      // A loss that is infinite over 0 may be rounded to 0 before.
      if (divisor === 0 && isOfSome && Number.isNaN(got)) return 'right';
      // Of what is infinite by weights alone that may be 0 in FP32, nothing is sure: infinite, 0 times infinity, or left out.
      if (isFaint(rows, k) && !(got < 0)) return 'right';
      const isEmpty = divisor === 0 && got === 0;
      // A loss that is not 0 over 0: infinite, and 0 where a quotient by 0 is.
      if (isEmpty && semantics.empty === 'zero') return 'right';
      const isLeftOut = rowsOf(k).some((r) => isMultiplied(terms.rows[r], rows[r]));
      return isEmpty || (isLeftOut && got >= 0) ? 'defended' : null;
    },
    isInRange: (got) => got >= 0,
    unit: (value) => Math.max(1, Math.abs(value)),
  };
}

interface ExactLoss {
  readonly value: Decimal;
  readonly error: Decimal;
  readonly lse: Decimal;
  readonly lseError: Decimal;
}

/** Whether a row's loss is a number, or NaN as 0 times infinity is, or infinite; where `isTogether`, all that a class has is added before it is multiplied. */
function outcomeOf(
  { rows, semantics }: LossTerms,
  r: number,
  kind: RowKind,
  isMasked: (j: number) => boolean,
  isTogether = semantics.zeroTimesInfinity === 'zero',
): 'number' | 'nan' | 'infinite' {
  const { isIgnored, isNothing, coefficients, isMultipliedBy0, ownPart0 } = rows[r];
  if (isIgnored) return 'number';
  if (isSpecial(kind)) return isNothing && semantics.zeroTimesInfinity === 'zero' ? 'number' : 'nan';
  if (kind === 'finite') return 'number';
  if (!isTogether && ownPart0 !== null && isMasked(ownPart0)) return 'nan';
  let outcome: 'number' | 'infinite' = 'number';
  for (let j = 0; j < coefficients.length; j++) {
    if (!isMasked(j)) continue;
    if (isMultipliedBy0(j)) return 'nan';
    if (coefficients[j] > 0) outcome = 'infinite';
  }
  return outcome;
}

/** Whether something infinite or NaN is multiplied by 0 in the row. */
function isMultiplied(
  { isIgnored, isNothing, isMultipliedBy0, coefficients }: RowTerms,
  row: RowAnalysis,
): boolean {
  if (isIgnored) return false;
  if (isSpecial(row.kind)) return isNothing;
  return coefficients.some((_, j) => row.gaps[j] === Number.POSITIVE_INFINITY && isMultipliedBy0(j));
}

/** sum_j q_j (d_j + L) in double precision: Infinity where a class that counts is masked. */
function lossOf({ coefficients }: RowTerms, { gaps, logSum }: RowAnalysis): number {
  let sum = 0;
  for (let j = 0; j < coefficients.length; j++)
    if (coefficients[j] > 0) sum += coefficients[j] * (gaps[j] + logSum);
  return sum;
}

/** A row's loss and zLoss lse^2, and what a profile allows to each. */
function rowBudget({ coefficients, total, isDense, mostWeight }: RowTerms, costs: RowCosts, zLoss: number) {
  const { row, profile, unit: u, additions: h, stored } = { ...costs, stored: costs.profile.stored };
  const { gaps, max, logSum, logSumExp } = row;
  const ofEntry = ofLogSoftmax(costs);
  let [loss, ofLoss, size, logs] = [0, 0, 0, 0];
  for (let j = 0; j < coefficients.length; j++) {
    const q = coefficients[j];
    if (q === 0) continue;
    logs += gaps[j] + logSum;
    loss += q * (gaps[j] + logSum);
    ofLoss += timesBound(q, ofEntry(j, noInputs));
    size += q * Math.abs(max - gaps[j]);
  }
  const steps = 5 + (isDense ? h : 0) + 2 * stored;
  ofLoss += timesBound(loss + ofLoss, gamma(steps, u));
  if (isDense) ofLoss += (costs.floor + profile.storedFloor) * mostWeight * (coefficients.length + logs);
  if (isDense && profile.roundedMax)
    ofLoss += timesBound(size + total * Math.abs(logSumExp), gamma(h + 5, u));
  if (zLoss === 0) return { loss, ofLoss, square: 0, ofSquare: 0 };
  const ofLse = ofLogSumExpBudget(costs)(0, noInputs);
  const square = zLoss * logSumExp * logSumExp;
  const ofProduct = zLoss * (2 * Math.abs(logSumExp) + ofLse) * ofLse;
  const ofSquare = ofProduct + timesBound(square + ofProduct, gamma(4 + 2 * stored, u));
  return { loss, ofLoss, square, ofSquare };
}
