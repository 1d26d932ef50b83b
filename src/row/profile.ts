/** What one rounding, exp, log, division and summation of a kernel may cost, as data: profiles.ts has those that a target may declare, row-costs.ts the formulas. */
import type { Format } from '../formats/format.ts';

/**
 * How the row's exponentials are added: in one accumulator; in several lanes or blocks, and then those, but up to ten in one
 * accumulator all the same; or in higher precision (FP64, or pairs of FP32), rounded once. Compensation in FP32 is none of these: it leaves n^2 u^2, which is beyond
 * u from some 4,000 logits on.
 */
export type Summation =
  | { readonly order: 'sequential' }
  | { readonly order: 'lanes'; readonly lanes: number }
  | { readonly order: 'once' };

/** A named set of budget constants. */
export interface Profile {
  readonly name: string;
  /** x - max, in u. */
  readonly subtraction: number;
  /** exp(-d) costs `constant + perGap * d`, in u. `exactAtZero`: the largest logit's exp is 1. */
  readonly exp: { readonly constant: number; readonly perGap: number; readonly exactAtZero: boolean };
  /** log costs `relative`, in u, and between 1/2 and 2 `absolute`, a plain number. */
  readonly log: { readonly relative: number; readonly absolute: number };
  /** Whether the max's own term stays out of the sum, and log1p adds it: errors of the sum then count by its share. */
  readonly log1p: boolean;
  /** The division by the sum, its rounding included, in u. */
  readonly division: number;
  readonly summation: Summation;
  /** Whether a running maximum may rescale the sum, at one exp and one product for each new maximum. */
  readonly online: boolean;
  /**
   * Whether the maximum may be rounded on its way into a logarithm, as in x - fl(max + log sum) or in base 2: 2u |lse| more, but
   * where log sum is 0.
   */
  readonly roundedMax: boolean;
  /**
   * Whether the gradient of a loss may be made of e^(x - lse) with the lse that is rounded: a probability is then off by what the rounded maximum costs, relative.
   */
  readonly savedLse: boolean;
  /**
   * Whether the maximum times log2 e may be rounded before it is subtracted, as in 2^fl(x log2 e - fl(max log2 e)): what that
   * loses, u |max|, is common to the row.
   */
  readonly roundedScale: boolean;
  /** Whether the gradient may run backward through the row's max: an absolute cost at the max. */
  readonly gradientThroughMax: boolean;
  /** Whether the loss's gradient at the target may be minus the sum of the other probabilities, added like a row. */
  readonly gradientBySum: boolean;
  /** The roundings of a gradient entry once its probability is known, relative, in u. */
  readonly gradient: number;
  /** Absolute error allowed to anything below the normal range. */
  readonly floor: number;
  /** u of the arithmetic. */
  readonly unit: number;
  /** The format in which the kernel computes. */
  readonly arithmetic: Format;
  /** The format of answers. */
  readonly answer: Format;
  /** Whether answers are rounded to their format after all that the budget is of: the arithmetic has more digits. */
  readonly isRoundedLast: boolean;
  /** Whether intermediates are rounded to the format of the answers, where that is narrower than the arithmetic. */
  readonly storesIntermediates: boolean;
  /** The rounding of an intermediate to the answer's format, relative, in u; 0 where none is stored. */
  readonly stored: number;
  /** The rounding of a stored intermediate that is subnormal there, absolute. */
  readonly storedFloor: number;
  /** tanh costs `relative`, in u, and `absolute`, a plain number. */
  readonly tanh: { readonly relative: number; readonly absolute: number };
  /**
   * Whether a logit may be off by the roundings of its scale and of its bias on the way to the row. They may be rounded by any profile, but in one way for
   * a whole row: src/options/readings.ts.
   */
  readonly roundedLogits: boolean;
}
