/** What an answer is that is not the expected one, where a loss with options is no number of the reals. */
import type { LossTerms } from '../../../options/loss/terms.ts';
import type { RowAnalysis } from '../../../row/row.ts';
import type { Standing } from '../../operation.ts';
import { isMultiplied, outcomeOf, rowsOf } from './outcome.ts';

/** A product of two or three factors in FP32 below this may be 0: each step rounds to a multiple of 2^-149, and halves of it to 0. */
const FAINT = 2 ** -148;

/** See {@link LossSpec}. */
export function standing(
  terms: LossTerms,
  rows: readonly RowAnalysis[],
  k: number,
  got: number,
): Standing | null {
  const { divisor, semantics } = terms;
  // What the target has of all classes may be added before it is multiplied or divided, and is infinite then.
  const isTogether = rowsOf(terms, k).every((r) => {
    const { kind, gaps } = rows[r];
    return outcomeOf(terms, r, kind, (j) => gaps[j] === Number.POSITIVE_INFINITY, true) !== 'nan';
  });
  const isOfSome = divisor > 0 || rowsOf(terms, k).some((r) => !terms.rows[r].isNothing);
  if (isTogether && isOfSome && got === Number.POSITIVE_INFINITY) return 'right';
  // A loss that is infinite over 0 may be rounded to 0 before.
  if (divisor === 0 && isOfSome && Number.isNaN(got)) return 'right';
  // Of what is infinite by weights alone that may be 0 in FP32, nothing is sure: infinite, 0 times infinity, or left out.
  if (isFaint(terms, rows, k) && !(got < 0)) return 'right';
  const isEmpty = divisor === 0 && got === 0;
  // A loss that is not 0 over 0: infinite, and 0 where a quotient by 0 is.
  if (isEmpty && semantics.empty === 'zero') return 'right';
  const isLeftOut = rowsOf(terms, k).some((r) => isMultiplied(terms.rows[r], rows[r]));
  return isEmpty || (isLeftOut && got >= 0) ? 'defended' : null;
}

/** Whether masked classes make the loss infinite, by weights below {@link FAINT} alone. */
function isFaint(terms: LossTerms, rows: readonly RowAnalysis[], k: number): boolean {
  const ofMasked = rowsOf(terms, k)
    .filter((r) => !terms.rows[r].isIgnored)
    .flatMap((r) =>
      [...terms.rows[r].coefficients].filter((q, j) => q > 0 && rows[r].gaps[j] === Number.POSITIVE_INFINITY),
    );
  return ofMasked.length > 0 && ofMasked.every((q) => q < FAINT);
}
