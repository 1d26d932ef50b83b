/**
 * Ziv's strategy: evaluate with an error bound, and again with twice the digits until the rounding is certain.
 *
 * When [v - e, v + e] holds no rounding boundary, rounding v is rounding the truth. The loop ends, because no
 * truth lies on a boundary unless it is known with e = 0. Boundaries and logits are rational, and by the
 * Lindemann-Weierstrass theorem a sum of integers times powers e^a with different rational a vanishes only if
 * each integer does. So
 *  - p_i = b means w_i = b Σ w_j: impossible unless all gaps are 0. Then p_i = 1/k, whose distance from a
 *    boundary (or 1/(kN)'s) is at least 2^-25 / kN relative: 28 digits decide.
 *  - m + L = b and d + L = b mean Σ w_j = e^(a rational), impossible unless S = 1, where L = 0 with e = 0 (or S = k,
 *    and ln k is irrational). The same holds for a mean loss: the product of the S is e^(a rational).
 *  - -1/N, the gradient of a masked target, is like 1/k.
 * At the first precision e is 10^-25 of v for short rows, so that one value in 10^16 needs a second look, and
 * those with |lse| < 10^-15 L. Each doubling lasts for four more logits chosen to defeat it.
 */
import type { Decimal } from './decimal.ts';
import { type ExactRow, evaluateRow } from './exact-row.ts';
import { roundWithin } from './round.ts';

const FIRST_DIGITS = 28;
const LAST_DIGITS = 224;

/** A row, evaluated when first needed, at the lowest precision that has sufficed so far. */
export interface Evaluation {
  readonly current: () => ExactRow;
  /** Doubles the digits. Throws an Error beyond 224, which no input is known to need. */
  readonly refine: () => void;
  /** Lets go of the row: it takes some 500 bytes a logit. */
  readonly forget: () => void;
}

/**
 * The evaluation of a row that is FP32 values or -Infinity, not all of them the latter. `onEvaluate` is called before the
 * row is evaluated.
 */
export function createEvaluation(logits: Float32Array, onEvaluate?: () => void): Evaluation {
  let digits = FIRST_DIGITS;
  let exact: ExactRow | undefined;
  return {
    current() {
      if (exact === undefined) {
        onEvaluate?.();
        exact = evaluateRow(logits, digits);
      }
      return exact;
    },
    refine() {
      digits *= 2;
      if (digits > LAST_DIGITS) throw new Error(`${LAST_DIGITS} digits do not decide a rounding to FP32`);
      exact = undefined;
    },
    forget() {
      exact = undefined;
    },
  };
}

/** A value and a bound for its absolute error. */
export interface Enclosure {
  readonly value: Decimal;
  readonly error: Decimal;
}

/** A value that is close enough to the truth to round alike, and its rounding. */
export interface Settled {
  readonly value: Decimal;
  readonly rounded: number;
}

/** Encloses, and refines between, until the rounding to FP32 is certain. */
export function settle(enclose: () => Enclosure, refine: () => void): Settled {
  for (;;) {
    const { value, error } = enclose();
    const rounded = roundWithin(value, error);
    if (rounded !== undefined) return { value, rounded };
    refine();
  }
}
