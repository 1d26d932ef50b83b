/**
 * What the operations answer where the reals have no answer: rows of NaN, rows of +Infinity, rows masked throughout.
 *
 * The expected answers are PyTorch's: IEEE 754 arithmetic on the shifted formulas, except that logsumexp takes an
 * infinite maximum for the answer, as JAX does: one number for all entries of a special row. Other libraries defend other answers, which are listed with their
 * source.
 *
 * In a row with +Infinity these are the limit as the one infinite logit grows: its probability is 1, and all others are 0. At a finite logit they are so however many
 * are infinite, as of x - lse with an infinite lse; where several are, the limit depends on the way there, and NaN alone is right at each.
 *
 * Rows are independent: a special row changes no other row's answers, except the mean loss, which is NaN as soon
 * as one row's loss is, and otherwise +Infinity as soon as one row's is.
 *
 * Rows with a finite maximum need no table, masked entries (-Infinity) included: their answers are limits that
 * PyTorch and JAX agree on. A masked entry has softmax exactly 0, log-softmax -Infinity and, unless it is the
 * target, gradient exactly 0; a masked target has loss +Infinity and a finite gradient, -1/N. softmaxGrad is exactly 0 at
 * a masked entry, and logSoftmaxGrad the upstream value there.
 */
import { UNIT_ROUNDOFF } from '../float32/constants.ts';
import { isSpecial, type RowKind, type SpecialKind } from '../row/row.ts';

/** What else may be defended is of: an entry of a special row. */
export interface SpecialEntry {
  readonly cols: number;
  /** Whether its logit, of a loss its target's, is +Infinity: the one of its row, or one of several. */
  readonly infinite: 'no' | 'one' | 'several';
  /** Whether it is the target's. */
  readonly isTarget: boolean;
  /** 1/N, what a probability of 1 is of a loss's gradient; null where options make it something else. */
  readonly share: number | null;
  /** Its upstream value, where the operation has some and options do not multiply it. */
  readonly upstream: number | null;
}

/** A number, or one over the row's length, however that is computed. */
type Defended = number | '1/n';

/** The answers of one operation for one kind of row. */
export interface SpecialAnswer {
  /** Every entry of the expected answer; for crossEntropy the row's loss. */
  readonly expected: number;
  /** What an entry may be in other defended answers. */
  readonly tolerated: (entry: SpecialEntry) => readonly Defended[];
}

/** The answers of one operation for the kinds of rows that have special ones. */
export type SpecialAnswers = Readonly<Record<SpecialKind, SpecialAnswer>>;

/** NaN, and no other answer is defended. */
export const nanOnly: SpecialAnswer = { expected: Number.NaN, tolerated: () => [] };

/** NaN, or this at a finite logit, and that at the one infinite logit of its row, if anything. */
export function limits(finite: number, infinite: number | null): SpecialAnswer {
  const atInfinity = infinite === null ? [] : [infinite];
  return {
    expected: Number.NaN,
    tolerated: (entry) => (entry.infinite === 'no' ? [finite] : entry.infinite === 'one' ? atInfinity : []),
  };
}

/**
 * Whether `got` is such an entry of a defended answer, other than the expected one, for a row of this
 * kind. Both zeros count as 0. The uniform distribution may be off by what the field explains in a row of equal logits: else 1/8,
 * which is exact however computed, would be defended, and 1/40 not.
 */
export function isTolerated(
  answers: SpecialAnswers,
  kind: RowKind,
  got: number,
  entry: SpecialEntry,
): boolean {
  if (!isSpecial(kind)) return false;
  return answers[kind]
    .tolerated(entry)
    .some((answer) => (answer === '1/n' ? isUniform(got, entry.cols) : got === answer));
}

/** The roundings that the field explains of equal logits beside the n - 1 additions: an exp of 6 u and a division of 5. */
const OF_EQUAL = 11;

function isUniform(got: number, cols: number): boolean {
  const roundings = (cols - 1 + OF_EQUAL) * UNIT_ROUNDOFF;
  return Math.abs(got * cols - 1) * (1 - roundings) <= roundings;
}
