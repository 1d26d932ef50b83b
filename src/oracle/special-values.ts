/**
 * What the operations answer where the reals have no answer: rows of NaN, rows of +Infinity, rows masked throughout.
 *
 * The expected answers are PyTorch's: IEEE 754 arithmetic on the shifted formulas, except that logsumexp takes an
 * infinite maximum for the answer, as JAX does. Other libraries defend other answers, which are listed with their
 * source. A special row's answer is one number for all of its entries.
 *
 * Rows are independent: a special row changes no other row's answers, except the mean loss, which is NaN as soon
 * as one row's loss is, and otherwise +Infinity as soon as one row's is.
 *
 * Rows with a finite maximum need no table, masked entries (-Infinity) included: their answers are limits that
 * PyTorch and JAX agree on. A masked entry has softmax exactly 0, log-softmax -Infinity and, unless it is the
 * target, gradient exactly 0; a masked target has loss +Infinity and a finite gradient, -1/N. softmaxGrad is exactly 0 at
 * a masked entry, and logSoftmaxGrad the upstream value there.
 */
import type { Operation } from '../core/operation.ts';
import { UNIT_ROUNDOFF } from '../float32/constants.ts';
import type { RowKind } from '../row/row.ts';

/** The kinds of rows that have special answers. */
export type SpecialKind = Exclude<RowKind, 'finite' | 'masked'>;

/** The answers of one operation for one kind of row. */
export interface SpecialAnswer {
  /** Every entry of the expected answer; for crossEntropy the row's loss. */
  readonly expected: number;
  /** Entries of other defended answers; `1/n` is one over the row's length, however that is computed. */
  readonly tolerated: readonly (number | '1/n')[];
}

const { NaN: NAN, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;

/** The answer of a special row, by its kind and the operation. */
export const specialAnswers: Readonly<Record<SpecialKind, Readonly<Record<Operation, SpecialAnswer>>>> = {
  nan: {
    softmax: { expected: NAN, tolerated: [] },
    logSoftmax: { expected: NAN, tolerated: [] },
    logSumExp: { expected: NAN, tolerated: [] },
    crossEntropy: { expected: NAN, tolerated: [] },
    crossEntropyGrad: { expected: NAN, tolerated: [] },
    softmaxGrad: { expected: NAN, tolerated: [] },
    logSoftmaxGrad: { expected: NAN, tolerated: [] },
  },
  'positive-infinity': {
    // The limit, one-hot: asked for in FluxML/NNlib.jl#206 and scipy/scipy#23225. OpenVINO's CPU plugin gives
    // NaN at the infinite logits and 0 elsewhere.
    softmax: { expected: NAN, tolerated: [0, 1] },
    // The logarithm of that limit, and x - lse of a finite x.
    logSoftmax: { expected: NAN, tolerated: [NEGATIVE_INFINITY, 0] },
    // No question: PyTorch and JAX return the infinite maximum.
    logSumExp: { expected: POSITIVE_INFINITY, tolerated: [] },
    // lse - x_t of a finite target.
    crossEntropy: { expected: NAN, tolerated: [POSITIVE_INFINITY] },
    crossEntropyGrad: { expected: NAN, tolerated: [] },
    softmaxGrad: { expected: NAN, tolerated: [] },
    logSoftmaxGrad: { expected: NAN, tolerated: [] },
  },
  'all-masked': {
    // 0: PyTorch's _safe_softmax behind scaled dot-product attention (pytorch/pytorch#131060), ONNX Attention,
    // oneDNN's softmax_inf_as_zero, rten. Uniform: Keras before its masks were made finite.
    softmax: { expected: NAN, tolerated: [0, '1/n'] },
    // The logarithm of that 0.
    logSoftmax: { expected: NAN, tolerated: [NEGATIVE_INFINITY] },
    // ln of an empty sum. PyTorch and JAX mask the infinite maximum to 0 for it.
    logSumExp: { expected: NEGATIVE_INFINITY, tolerated: [] },
    // Minus that log-softmax. No library was found to call the loss of such a row 0.
    crossEntropy: { expected: NAN, tolerated: [POSITIVE_INFINITY] },
    // A row without any class passes no gradient on (the backward pass of _safe_softmax).
    crossEntropyGrad: { expected: NAN, tolerated: [0] },
    softmaxGrad: { expected: NAN, tolerated: [0] },
    logSoftmaxGrad: { expected: NAN, tolerated: [] },
  },
};

/** Whether rows of this kind have special answers, that is, no finite maximum. */
export function isSpecial(kind: RowKind): kind is SpecialKind {
  return kind !== 'finite' && kind !== 'masked';
}

/**
 * Whether `got` is an entry of a defended answer, other than the expected one, for a row of `cols` logits of this
 * kind. Both zeros count as 0. The uniform distribution may be off by what the field explains in a row of equal logits: else 1/8,
 * which is exact however computed, would be defended, and 1/40 not.
 */
export function isTolerated(kind: RowKind, operation: Operation, got: number, cols: number): boolean {
  if (!isSpecial(kind)) return false;
  return specialAnswers[kind][operation].tolerated.some((answer) =>
    answer === '1/n' ? isUniform(got, cols) : got === answer,
  );
}

/** The roundings that the field explains of equal logits beside the n - 1 additions: an exp of 6 u and a division of 5. */
const OF_EQUAL = 11;

function isUniform(got: number, cols: number): boolean {
  const roundings = (cols - 1 + OF_EQUAL) * UNIT_ROUNDOFF;
  return Math.abs(got * cols - 1) * (1 - roundings) <= roundings;
}
