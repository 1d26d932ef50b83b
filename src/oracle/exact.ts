/**
 * The oracle: the exact answer of every operation for a batch, and its correct rounding to FP32.
 *
 * One evaluation of a row (exact-row.ts) serves all operations, and is repeated with more digits where a
 * rounding asks for it (ziv.ts). No formula cancels, except m + L, whose absolute error is that of L:
 *
 *     softmax p_i,   logSoftmax -(d_i + L),   logSumExp m + L,   crossEntropy Σ_rows (d_t + L) / N,
 *     crossEntropyGrad p_j / N,  at the target -(Σ_{j≠t} p_j) / N
 *
 * But for the vector-Jacobian products, which have their own file.
 *
 * Rows are independent: only the mean loss mixes them. Special rows answer as the operations' special-values.ts say.
 *
 * Of a batch with options the rows are those that src/options makes of it. The answer is that of the reals z; other readings of the options,
 * by which a kernel's answer may be right too, have oracles of their own.
 */
import { type Batch, rowOf, rowOfValues, upstreamOf } from '../core/batch.ts';
import { keep } from '../core/keep.ts';
import { once } from '../core/once.ts';
import {
  answersBatch,
  type BatchOperation,
  numbersPerRow,
  type Operation,
  outputLength,
  type RowOperation,
} from '../core/operation.ts';
import type { Format } from '../formats/format.ts';
import { fp32 } from '../formats/index.ts';
import { entryOfTerms, specialEntry } from '../operations/fixed.ts';
import { lossSpecOf, rowSpecOf, termsFor } from '../operations/index.ts';
import type { ExactSource } from '../operations/operation.ts';
import { termsOf } from '../options/loss/terms.ts';
import { type Reading, readingsOf } from '../options/readings.ts';
import type { ApproximateRow } from '../row/approximate-row.ts';
import type { Workspace } from '../row/approximation.ts';
import { type Decimal, Wide } from '../row/decimal.ts';
import { isDecidedBy, roundToFormat } from '../row/round.ts';
import {
  analyseRow,
  isSpecial,
  kindOf,
  type RowAnalysis,
  type RowKind,
  type SpecialKind,
} from '../row/row.ts';
import { upstreamOfRow } from '../row/upstream.ts';
import { vectorJacobianProducts } from '../row/vector-jacobian.ts';
import type { View } from '../row/view.ts';
import { createEvaluation, type Settled } from '../row/ziv.ts';
import { type Cache, createCache } from './cache.ts';
import { createRounding } from './rounding.ts';
import { type ScoresBy, scoresOf } from './scores.ts';
import { slowBecause } from './sentinels.ts';

/** The exact answer of an operation, of the operation's shape. */
export interface ExactAnswer {
  /**
   * The reals, correct to 10^-20 relative for up to 10^6 logits a row; logSumExp to 10^-20 L. Terms of logits
   * more than 200 below their row's largest are some number in (0, 10^-86]. Vector-Jacobian products, whose terms may
   * cancel, are correct to 10^-20 of the sum of their terms' magnitudes. NaN and the infinities where the
   * answer is special. All are of the clone {@link Wide}: their sums and differences are exact.
   */
  readonly values: readonly Decimal[];
  /** Each of the true reals rounded once to FP32: nearest, ties to even, +0 for exact zeros, -0 for negative underflow (+0 of a vector-Jacobian product). */
  readonly rounded: Float32Array;
}

/** One number of an {@link ExactAnswer}. */
export interface ExactEntry {
  readonly value: Decimal;
  readonly rounded: number;
}

/** The exact answers for one batch. Each part is computed when it is first asked for, and kept. */
export interface Oracle {
  readonly batch: Batch;
  /** How the options of the batch are read. */
  readonly reading: Reading;
  /** The oracles by which an answer may be right: this one, and where the batch has options, those of their other readings. */
  readonly readings: readonly Oracle[];
  /** The rows in double precision, with proven errors: nothing of decimal.js. */
  readonly approximate: readonly ApproximateRow[];
  /** Each row's kind and quantities in double precision, from the exact ones. */
  readonly rows: readonly RowAnalysis[];
  /** One of {@link rows}, without the others. */
  row(r: number): RowAnalysis;
  /** Number `k` of the answer of `operation`: of a long row, much sooner than the whole. */
  entry(operation: Operation, k: number): ExactEntry;
  /** The whole answer of `operation`. */
  answer(operation: Operation): ExactAnswer;
  /** How many logits decimal.js has evaluated for this oracle and its other readings, each as often as it did. */
  evaluated(): number;
  /** The answer rounded to `format`, FP32 unless given, by double precision wherever its proven errors decide the rounding. */
  rounded(operation: Operation, format?: Format): Float32Array;
}

/**
 * The oracle for `batch`, its options read in this way. With a workspace, {@link Oracle.approximate} is valid until the workspace is
 * used again; {@link scoresOf} gives what oracles share whose batches differ in the options of their losses alone, and `count` what the readings of
 * one batch do.
 */
export function createOracle(
  batch: Batch,
  workspace?: Workspace,
  scores: ScoresBy = scoresOf(batch, workspace),
  reading: Reading = 'exact',
  count = { evaluated: 0 },
): Oracle {
  const cache = createCache();
  const makeRoom: Cache = (item, size) => {
    count.evaluated += size;
    cache(item, size);
  };
  const upstream = once(() => upstreamOf(batch));
  const { views, approximate } = scores(reading);
  const viewOf = (r: number): View | null => views()?.[r] ?? null;
  const rows = keep((r: number) =>
    createRow(
      viewOf(r) ?? rowOf(batch, r),
      () => upstreamOfRow(rowOfValues(upstream(), batch, r), viewOf(r)),
      makeRoom,
      termsOf(batch) !== null,
    ),
  );
  const row = keep((r: number) => analyseRow(rows(r).kind, rows(r).evaluation?.current(), viewOf(r)));
  const all = once(() => Array.from({ length: batch.rows }, (_, r) => rows(r)));
  const answer = keep((operation: Operation) => answerOf(operation, batch, all()));
  const entry = (operation: Operation, k: number) =>
    answersBatch(operation) ? lossOf(operation, batch, all(), k) : rowEntry(operation, batch, rows, k);
  const parts: Parts = {
    __proto__: lazyParts,
    batch,
    reading,
    approximateOnce: approximate,
    readingsOnce: once(() => [
      parts as Parts & Oracle,
      ...readingsOf(batch.options, batch.format)
        .filter((each) => each !== reading)
        .map((each) => createOracle(batch, undefined, scores, each, count)),
    ]),
    rowsOnce: once(() => Array.from({ length: batch.rows }, (_, r) => row(r))),
    row,
    answer,
    entry,
    evaluated: () => count.evaluated,
    rounded(operation, format = fp32) {
      const guess = slowBecause === null ? createRounding(operation, batch, approximate()) : () => undefined;
      const length = outputLength(operation, batch.rows, batch.cols, batch.options);
      const inFp32 = Float32Array.from({ length }, (_, k) => guess(k) ?? entry(operation, k).rounded);
      if (format === fp32) return inFp32;
      return inFp32.map((rounded, k) =>
        isDecidedBy(rounded, format)
          ? format.round(rounded)
          : roundToFormat(entry(operation, k).value, rounded, format),
      );
    },
  };
  return parts as Parts & Oracle;
}

type Lazy = Pick<Oracle, 'approximate' | 'rows' | 'readings'>;

interface Parts extends Omit<Oracle, keyof Lazy> {
  readonly __proto__: Lazy;
  readonly approximateOnce: () => Oracle['approximate'];
  readonly rowsOnce: () => Oracle['rows'];
  readonly readingsOnce: () => Oracle['readings'];
}

/** The getters of all oracles. With getters of its own each would have a hidden class of its own: 5 us an oracle in V8. */
const lazyParts: Lazy & ThisType<Parts> = {
  get approximate() {
    return this.approximateOnce();
  },
  get rows() {
    return this.rowsOnce();
  },
  get readings() {
    return this.readingsOnce();
  },
};

type Row = { readonly view: View | null } & (
  | ({ readonly kind: Exclude<RowKind, SpecialKind> } & ExactSource)
  | { readonly kind: SpecialKind; readonly evaluation?: undefined }
);

function createRow(
  source: Float32Array | View,
  upstream: () => Float32Array,
  makeRoom: Cache,
  hasTerms: boolean,
): Row {
  const view = source instanceof Float32Array ? null : source;
  const logits = source instanceof Float32Array ? source : source.logits;
  const kind = kindOf(logits);
  if (isSpecial(kind)) return { view, kind };
  const evaluation = createEvaluation(source, () => makeRoom(evaluation, logits.length), hasTerms);
  const products = once(() => vectorJacobianProducts(upstream(), evaluation));
  return { view, kind, evaluation, products };
}

function answerOf(operation: Operation, batch: Batch, rows: readonly Row[]): ExactAnswer {
  const length = outputLength(operation, batch.rows, batch.cols, batch.options);
  const entries = Array.from({ length }, (_, k) =>
    answersBatch(operation)
      ? lossOf(operation, batch, rows, k)
      : rowEntry(operation, batch, (r) => rows[r], k),
  );
  return {
    values: entries.map(({ value }) => value),
    rounded: Float32Array.from(entries, ({ rounded }) => rounded),
  };
}

function rowEntry(operation: RowOperation, batch: Batch, rows: (r: number) => Row, k: number): Settled {
  const perRow = numbersPerRow(operation, batch.cols);
  const r = Math.floor(k / perRow);
  const row = rows(r);
  const spec = rowSpecOf(operation, batch);
  const i = k % perRow;
  const terms = termsFor(operation, batch);
  if (row.evaluation === undefined) return constant(specialEntry(spec, row, i, { r, terms }));
  const constantOfTerms = terms === null ? null : entryOfTerms(terms, r);
  if (constantOfTerms !== null) return constant(constantOfTerms);
  return spec.exact(row, i, { target: batch.targets[r], rows: batch.rows, r, terms });
}

function lossOf(operation: BatchOperation, batch: Batch, rows: readonly Row[], k: number): Settled {
  return lossSpecOf(operation, batch).exact(rows, batch.targets, k);
}

function constant(value: number): Settled {
  return { value: new Wide(value), rounded: value };
}
