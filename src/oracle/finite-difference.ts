/**
 * The gradient of the mean loss by central differences, to validate the formula (p - onehot) / N.
 *
 *     g_j ~ (loss(x + h e_j) - loss(x - h e_j)) / 2h,    h = 10^-20
 *
 * Truncation. Along coordinate j with p = p_j, a row's loss is ln(1 - p + p e^δ) + a linear term. Its derivative
 * q(δ) = p e^δ / (1 - p + p e^δ), less 1 at the target, is logistic: q' = q(1 - q), q''' / q' within [-1, 1] and
 * q'' = q(1 - q)(1 - 2q), so |q''| <= min(q, 1 - q). Both q and 1 - q grow by a factor of at most e^h within h. The
 * error of a central difference is h^2/6 times a third derivative of the loss, q'' somewhere in [-h, h]: relative
 * to p, and to 1 - p at the target, at most (h^2/6) e^h = 1.67e-41.
 *
 * Rounding. For n <= 10^5 logits, n additions and one logarithm leave a loss below 200 + ln n with an error of
 * 10^(6.2-P) at P digits, so the quotient with 10^(26.2-P) / N. With gaps up to d the derivative is at least
 * e^-d / (nN): relative to it, 10^(31.2 - P + 0.4343 d), below 10^-43 with P = 75 + 0.4343 d. Only a lone class has
 * derivative 0, and gets less than 10^-48.
 *
 * It shares with the oracle only the conversion of logits: the exponentials and logarithms are decimal.js's own.
 */
import { type Batch, rowOf } from '../core/batch.ts';
import { cloneOf, type Decimal, decimalOf, Wide } from '../row/decimal.ts';
import { isSpecial, kindOf } from '../row/row.ts';

const STEP = '1e-20';

/** The largest gap that is differentiated: beyond, p is below 2^-288, and more digits would buy a zero. */
const LARGEST_GAP = 200;

/** Bound for the relative error of each difference, (h^2/6) e^h = 1.67e-41 and rounding. */
export const FINITE_DIFFERENCE_ERROR = '2e-41';

/**
 * The gradient of the mean loss with respect to each logit: rows * cols values with a relative error of at most
 * {@link FINITE_DIFFERENCE_ERROR}, for up to 10^5 logits a row. 0 is exact for masked logits, which cannot move, and
 * less than 10^-48 for the only logit that is not masked. A row is undefined throughout when its loss is not finite
 * or one of its finite gaps exceeds 200.
 */
export function finiteDifferenceGradient(batch: Batch): (Decimal | undefined)[] {
  return Array.from(batch.targets).flatMap((target, row) =>
    differentiateRow(rowOf(batch, row), target, batch.rows),
  );
}

function differentiateRow(logits: Float32Array, target: number, rows: number): (Decimal | undefined)[] {
  const top = decimalOf(Math.max(...logits));
  const gaps = Array.from(logits, (logit) => Wide.sub(top, decimalOf(logit)));
  const largest = Math.max(...gaps.filter((gap) => gap.isFinite()).map(Number));
  if (isSpecial(kindOf(logits)) || !gaps[target].isFinite() || largest > LARGEST_GAP) {
    return gaps.map(() => undefined);
  }
  const D = cloneOf(75 + Math.ceil(Math.LOG10E * largest));
  const exps = gaps.map((gap) => D.sub(0, gap).exp());
  const step = new D(STEP);

  /** The row's loss with `change` added to logit j. */
  function loss(j: number, change: Decimal): Decimal {
    const moved = exps[j].times(change.exp());
    const sum = exps.reduce((total, e, i) => total.plus(i === j ? moved : e), new D(0));
    return sum
      .ln()
      .plus(gaps[target])
      .minus(j === target ? change : 0);
  }
  return gaps.map((_, j) =>
    loss(j, step)
      .minus(loss(j, step.neg()))
      .div(step.times(2 * rows)),
  );
}
