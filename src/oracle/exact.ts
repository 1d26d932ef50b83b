/**
 * The oracle: the exact answer of every operation for a batch, and its correct rounding to FP32.
 *
 * One evaluation of a row (exact-row.ts) serves all operations, and is repeated with more digits where a
 * rounding asks for it (ziv.ts). No formula cancels, except m + L, whose absolute error is that of L:
 *
 *     softmax p_i,   logSoftmax -(d_i + L),   logSumExp m + L,   crossEntropy Σ_rows (d_t + L) / N,
 *     crossEntropyGrad p_j / N,  at the target -(Σ_{j≠t} p_j) / N
 *
 * Rows are independent: only the mean loss mixes them. Special rows answer as special-values.ts says.
 */
import { type Batch, rowOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { type Decimal, Wide, ZERO } from './decimal.ts';
import type { ExactRow } from './exact-row.ts';
import { analyseRow, kindOf, type RowAnalysis, type RowKind } from './row.ts';
import { isSpecial, type SpecialKind, specialAnswers } from './special-values.ts';
import { createEvaluation, type Enclosure, type Evaluation, type Settled, settle } from './ziv.ts';

/** The exact answer of an operation, of the operation's shape. */
export interface ExactAnswer {
  /**
   * The reals, correct to 10^-20 relative for up to 10^6 logits a row; logSumExp to 10^-20 L. Terms of logits
   * more than 200 below their row's largest are some number in (0, 10^-86]. NaN and the infinities where the
   * answer is special. All are of the clone {@link Wide}: their sums and differences are exact.
   */
  readonly values: readonly Decimal[];
  /** Each of the true reals rounded once to FP32: nearest, ties to even, +0 for exact zeros, -0 for negative underflow. */
  readonly rounded: Float32Array;
}

/** The exact answers for one batch. */
export interface Oracle {
  readonly batch: Batch;
  /** Each row's kind and quantities in double precision. */
  readonly rows: readonly RowAnalysis[];
  /** The answer of `operation`. */
  answer(operation: Operation): ExactAnswer;
}

/** The oracle for `batch`. Lazy and caching: rows are evaluated when first needed, an answer is computed once. */
export function createOracle(batch: Batch): Oracle {
  const rows = Array.from({ length: batch.rows }, (_, row) => createRow(rowOf(batch, row)));
  const answers = new Map<Operation, ExactAnswer>();
  let analyses: readonly RowAnalysis[] | undefined;
  return {
    batch,
    get rows() {
      analyses ??= rows.map(({ kind, evaluation }) => analyseRow(kind, evaluation?.current()));
      return analyses;
    },
    answer(operation) {
      let answer = answers.get(operation);
      if (answer === undefined) {
        answer = answerOf(batch, rows, operation);
        answers.set(operation, answer);
      }
      return answer;
    },
  };
}

type Row =
  | { readonly kind: Exclude<RowKind, SpecialKind>; readonly evaluation: Evaluation }
  | { readonly kind: SpecialKind; readonly evaluation?: undefined };

function createRow(logits: Float32Array): Row {
  const kind = kindOf(logits);
  return isSpecial(kind) ? { kind } : { kind, evaluation: createEvaluation(logits) };
}

function answerOf(batch: Batch, rows: readonly Row[], operation: Operation): ExactAnswer {
  const entries =
    operation === 'crossEntropy'
      ? [meanLoss(batch, rows)]
      : rows.flatMap((row, r) => rowEntries(operation, row, batch, batch.targets[r]));
  return {
    values: entries.map(({ value }) => value),
    rounded: Float32Array.from(entries, ({ rounded }) => rounded),
  };
}

type RowOperation = Exclude<Operation, 'crossEntropy'>;

function rowEntries(operation: RowOperation, row: Row, { cols, rows }: Batch, target: number): Settled[] {
  const length = operation === 'logSumExp' ? 1 : cols;
  if (row.evaluation === undefined) {
    return Array(length).fill(constant(specialAnswers[row.kind][operation].expected));
  }
  const { current, refine } = row.evaluation;
  return Array.from({ length }, (_, i) =>
    settle(() => encloseEntry(operation, current(), i, target, rows), refine),
  );
}

function encloseEntry(
  operation: RowOperation,
  row: ExactRow,
  i: number,
  target: number,
  rows: number,
): Enclosure {
  switch (operation) {
    case 'softmax':
      return relative(row, row.probabilities[i]);
    case 'logSoftmax':
      return { value: row.gaps[i].plus(row.logSum).neg(), error: row.logSumError };
    case 'logSumExp':
      return { value: row.max.plus(row.logSum), error: row.logSumError };
    case 'crossEntropyGrad':
      return relative(row, (i === target ? row.othersOf(i).neg() : row.probabilities[i]).div(rows));
  }
}

function relative(row: ExactRow, value: Decimal): Enclosure {
  return { value: new Wide(value), error: value.abs().times(row.relativeError) };
}

/** The mean over the rows of d_t + L: no term is negative, and their sum is exact. */
function meanLoss({ targets }: Batch, rows: readonly Row[]): Settled {
  const evaluations = rows.flatMap(({ evaluation }) => evaluation ?? []);
  if (evaluations.length < rows.length) return constant(Number.NaN);
  return settle(
    () => {
      let value = ZERO;
      let error = ZERO;
      for (const [r, { current }] of evaluations.entries()) {
        const { gaps, logSum, logSumError } = current();
        value = value.plus(gaps[targets[r]]).plus(logSum);
        error = error.plus(logSumError);
      }
      return { value: value.div(rows.length), error: error.div(rows.length) };
    },
    () => {
      for (const { refine } of evaluations) refine();
    },
  );
}

function constant(value: number): Settled {
  return { value: new Wide(value), rounded: value };
}
