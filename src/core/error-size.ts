/** How large an error is: in the answer's own terms, and in those of floating point. */

/** The sizes of one number's error. */
export interface ErrorSize {
  /** |answer - exact|; NaN where one of them is not finite. */
  readonly absoluteError: number;
  /** |answer - exact| / |exact|; NaN where one is not finite, or the exact value rounds to 0. */
  readonly relativeError: number;
  /** |answer - exact| in ULP of the exact value; NaN where the answer is NaN, or there is none. */
  readonly errorUlp: number;
  /** |answer - exact| over the error that the target's profile allows; Infinity where nothing is allowed. */
  readonly budgetUse: number;
  /**
   * How much it matters: |answer - exact| over the answer's natural unit, which each operation gives. A loss that is off by
   * 1e-7 has weight 1e-7, one that is doubled 0.5 and more. Infinity where the error has no size: NaN, no answer, a broken law.
   */
  readonly weight: number;
}

/** The sizes of what is wrong without being off by any number. */
export const noSize: ErrorSize = {
  absoluteError: Number.NaN,
  relativeError: Number.NaN,
  errorUlp: Number.NaN,
  budgetUse: Number.POSITIVE_INFINITY,
  weight: Number.POSITIVE_INFINITY,
};

/** The sizes alone of what has them among other things. */
export function sizeOf({ absoluteError, relativeError, errorUlp, budgetUse, weight }: ErrorSize): ErrorSize {
  return { absoluteError, relativeError, errorUlp, budgetUse, weight };
}

/** Negative when `a` matters more: the larger weight, and of equal ones the larger error over the budget. */
export function heavierFirst(
  a: Pick<ErrorSize, 'weight' | 'budgetUse'>,
  b: Pick<ErrorSize, 'weight' | 'budgetUse'>,
): number {
  if (a.weight !== b.weight) return a.weight > b.weight ? -1 : 1;
  if (a.budgetUse === b.budgetUse) return 0;
  return a.budgetUse > b.budgetUse ? -1 : 1;
}
