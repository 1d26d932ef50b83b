/**
 * A loss with options, exactly.
 *
 * With q_j = n_j / F and one denominator, (V sum_r sum_j n_j (d_j + L) + F W sum_r x_r lse^2) / (F W V). No term but those of L has an error, e
 * of each L and g of m and of each gap: N (e + g) of a row, N = sum_j n_j, and (2 |lse| + e + g) (e + g) of lse^2. That the rounding ends: a
 * loss that is on a boundary makes a polynomial with rational coefficients of L vanish. L = ln S is transcendental or 0, by Lindemann, as S is a sum of
 * powers of e; so the polynomial is constant, which its leading coefficient, of N and of zLoss, forbids unless all is 0. Where far weights alone make L, they tip
 * the loss off a boundary with the sign of N + 2 x m, as true weights do: the reach of exact-row.ts is more for it. As d_j and m are multiples of 2^-298, n_j of 2^-596, x and W of 2^-298 and V of
 * 2^-149, a loss less its part of L is a multiple of 2^-1200.
 */
import type { LossTerms } from '../../../options/loss/terms.ts';
import { type Decimal, Wide, ZERO } from '../../../row/decimal.ts';
import { refineAll, type Settled, settle } from '../../../row/ziv.ts';
import type { LossRow } from '../../operation.ts';
import { constantOf, rowsOf } from './outcome.ts';

/** See {@link LossSpec}. */
export function exact(terms: LossTerms, rows: readonly LossRow[], k: number): Settled {
  const { zLoss } = terms;
  const constant = constantOf(
    terms,
    (r) => rows[r].kind,
    (r, j) => !(rows[r].evaluation?.current().terms[j].gap.isFinite() ?? true),
    (r) => exactRow(terms, rows, r).value.gt(0),
    k,
  );
  if (constant !== null) return { value: new Wide(constant), rounded: constant };
  const counted = rowsOf(terms, k).filter((r) => !terms.rows[r].isNothing);
  if (counted.length === 0) return { value: ZERO, rounded: 0 };
  const { factor } = terms.rows[counted[0]].exactly();
  const V = terms.exactZDivisor();
  const factorOfSquares = Wide.mul(factor, terms.exactDivisor());
  const denominator = Wide.mul(factorOfSquares, V);
  const evaluations = counted.flatMap((r) => rows[r].evaluation ?? []);
  return settle(
    () => {
      let value = ZERO;
      let error = ZERO;
      for (const r of counted) {
        const row = exactRow(terms, rows, r);
        value = value.plus(Wide.mul(row.value, V));
        error = error.plus(Wide.mul(row.error, V));
        if (zLoss === 0) continue;
        const alpha = Wide.mul(terms.rows[r].exactly().ofSquare, factorOfSquares);
        value = value.plus(Wide.mul(alpha, row.lse).times(row.lse));
        error = error.plus(row.lse.abs().times(2).plus(row.lseError).times(row.lseError).times(alpha));
      }
      return { value: Wide.div(value, denominator), error: Wide.div(error, denominator) };
    },
    () => refineAll(evaluations),
  );
}

interface ExactLoss {
  readonly value: Decimal;
  readonly error: Decimal;
  readonly lse: Decimal;
  readonly lseError: Decimal;
}

/** F times a row's loss without zLoss, and its lse. */
function exactRow(terms: LossTerms, rows: readonly LossRow[], r: number): ExactLoss {
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
