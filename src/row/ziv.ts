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
 *
 * The logits of a view may be no rational numbers: c tanh(x / c) is transcendental but at 0. Then no theorem says that a truth is on no
 * boundary, or away from one by what 224 digits show: c tanh(x / c) is within e^-2000 of c at x = 1000 c. What they leave
 * open is within 10^-200 of a boundary, and is rounded as its value is: to one of the two numbers that are equally near.
 */
import { type Decimal, ZERO } from './decimal.ts';
import { type ExactRow, evaluateRow, evaluateView } from './exact-row.ts';
import { roundWithin } from './round.ts';
import type { View } from './view.ts';

const FIRST_DIGITS = 28;
const LAST_DIGITS = 224;

/** A row, evaluated when first needed, at the lowest precision that has sufficed so far. */
export interface Evaluation {
  readonly current: () => ExactRow;
  /**
   * Doubles the digits. Beyond 224 it throws an Error, which no input is known to need; but a row of inexact logits is taken for
   * exact there.
   */
  readonly refine: () => void;
  /** Whether it may be refined: what is made of several rows may be undecided because of others. */
  readonly isOpen: () => boolean;
  /** Lets go of the row: it takes some 500 bytes a logit. */
  readonly forget: () => void;
}

/**
 * The evaluation of a row that is FP32 values or -Infinity, not all of them the latter, or of a view that has a finite maximum.
 * `onEvaluate` is called before the row is evaluated. `hasTerms` says that the row is part of a loss with options.
 */
export function createEvaluation(
  source: Float32Array | View,
  onEvaluate?: () => void,
  hasTerms = false,
): Evaluation {
  let digits = FIRST_DIGITS;
  let exact: ExactRow | undefined;
  let isTakenForExact = false;
  const evaluate = (): ExactRow => {
    if (source instanceof Float32Array) return evaluateRow(source, digits, hasTerms);
    const row = evaluateView(source, digits, hasTerms);
    return isTakenForExact ? { ...row, ...withoutErrors } : row;
  };
  const isOpen = (): boolean =>
    digits < LAST_DIGITS || !(isTakenForExact || exact === undefined || exact.gapError.isZero());
  return {
    current() {
      if (exact === undefined) {
        onEvaluate?.();
        exact = evaluate();
      }
      return exact;
    },
    isOpen,
    refine() {
      if (!isOpen()) throw new Error(`${LAST_DIGITS} digits do not decide a rounding to FP32`);
      if (digits < LAST_DIGITS) digits *= 2;
      else isTakenForExact = true;
      exact = undefined;
    },
    forget() {
      exact = undefined;
    },
  };
}

const withoutErrors = {
  relativeError: ZERO,
  logSumError: ZERO,
  farWeight: ZERO,
  gapError: ZERO,
  hasExactSlopes: true,
} satisfies Partial<ExactRow>;

/** Refines rows of which something is made: those that may be, and where none may, each, of which one says so. */
export function refineAll(rows: readonly Evaluation[]): void {
  const open = rows.filter(({ isOpen }) => isOpen());
  for (const { refine } of open.length === 0 ? rows : open) refine();
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
