/**
 * Moves to fixed lists of small batches, the same whatever the batch was. Where failures are scattered, as of an answer
 * that is merely inaccurate, only these end at the same batch from every start. What they list is at the thresholds of
 * exp and of FP32, where kernels fail first.
 */
import { type Batch, batchOf } from '../../core/batch.ts';
import { EXP_OVERFLOW, EXP_UNDERFLOW, MAX_FINITE } from '../../float32/constants.ts';
import { scalarsOf } from '../../options/index.ts';
import { compareSimplicity } from '../simplicity.ts';
import { MAX_INTEGER } from '../value-order.ts';
import { distinctValues, rowBatch } from './edit.ts';
import { finiteExtremes, specialsOf } from './extremes.ts';
import { attemptAll, type Search } from './search.ts';

/** Exps that overflow, are subnormal or vanish; logits without bits after the point, the largest, and subnormal ones. */
const alone = [1, -1, 0.125, 89, -88, -92, -96, -104, 5e-8, 1e-38, MAX_FINITE, -MAX_FINITE];

/** Beside 0: gaps of a bit or two of a sum, of FP32's bits, and where an exp is large, subnormal or 0. */
const beside0 = [
  0,
  1,
  -1,
  2,
  4,
  7,
  15,
  16,
  17,
  20,
  48,
  52,
  88,
  89,
  104,
  -16,
  -17,
  -48,
  -52,
  -88,
  -89,
  -92,
  -96,
  -104,
  MAX_FINITE,
  -MAX_FINITE,
];

/** Ties whose sum overflows, whose exps are subnormal or 0, and whose logits have no bits after the point. */
const tied = [88.5, 89, -88, -104, MAX_INTEGER, -2e7];

/** A tie whose logsumexp has no bits after the point in 16 bits. */
const tiedInHalf = [64, 64];

/** Equal logits of these lengths, for errors that add up. */
const lengths = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 17];

/** Gaps at which an exp is subnormal, in one row, and at which it vanishes. */
const gaps = [88, 104];

/** Least logits whose exp is subnormal, for scans of what is beside them. */
const subnormal = [-91, -92];

/** Beyond it, every exp overflows or vanishes. */
const FAR = 128;

/** Rows that batches of two are made of: what one row does to another, and means that overflow. */
const paired = [
  [88.5, 88.5],
  [-104, -104],
  [0, 2e38],
  [0, -2e38],
  [0, 89],
  [0, -104],
];

/** The first of a list that fails, shorter rows first; then the special values of the batch stand at its end. */
export function canonical(batch: Batch): Search {
  if (isPlain(batch)) return attemptAll(batch, []);
  const uniform = levelsOf(batch).flatMap((level) =>
    lengths.map((length) => new Array<number>(length).fill(level)),
  );
  const isTargeted = hasTargets(batch);
  return attemptRows(batch, isTargeted, [
    ...alone.map((value) => [value]),
    ...beside0.map((value) => [0, value]),
    tiedInHalf,
    ...tied.flatMap((value) => [
      [value, value],
      [0, value, value],
    ]),
    ...uniform,
  ]);
}

/** Of two or three cells that are not plain: the first pair of integers that fails in a scan along typical gaps and exps. */
export function scanPairs(batch: Batch): Search {
  const finite = distinctValues(batch).filter(Number.isFinite);
  const cols = batch.cols - specialsOf(batch.logits).length;
  const isNear = finite.every((value) => Math.abs(value) < FAR);
  if (batch.rows > 1 || cols > 3 || (cols < 3 && finite.length < 2) || !isNear) return attemptAll(batch, []);
  return attemptRows(batch, hasTargets(batch), [
    ...gaps.flatMap((gap) => integersTo(gap - 1).map((k) => [k, k - gap])),
    ...subnormal.flatMap((least) => integersTo(-least - 1).map((k) => [-k, least])),
    ...integersTo(20).map((k) => [-k, -104]),
  ]);
}

/** Of two short rows: the first two that fail, of a few. */
export function scanTwoRows(batch: Batch): Search {
  if (batch.rows !== 2 || batch.cols > 3 || batch.upstream !== null) return attemptAll(batch, []);
  const masks = batch.logits.includes(Number.NEGATIVE_INFINITY) ? [0, -104] : [];
  const options = scalarsOf(batch);
  const rows = [...paired, ...masks.map((value) => [value, Number.NEGATIVE_INFINITY])];
  const classes = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const listed = rows.flatMap((first) =>
    rows.flatMap((second) =>
      classes.map((targets) => ({ ...batchOf([first, second], targets), ...(options && { options }) })),
    ),
  );
  return attemptAll(batch, listed.sort(compareSimplicity));
}

/** 0, and a value whose exp is as that of an extreme: large, beyond FP32, subnormal or 0. */
function levelsOf(batch: Batch): number[] {
  const levels = finiteExtremes(batch.logits).map((value) => {
    if (value > 80) return value < EXP_OVERFLOW ? 87 : 89;
    if (value < -80) return value > EXP_UNDERFLOW ? -88 : -104;
    return 0;
  });
  return [...new Set([0, ...levels])];
}

/** An integer, alone or beside 0: what fails at a threshold ends as one. */
function isPlain(batch: Batch): boolean {
  const finite = [...batch.logits].filter((value) => value !== 0 && Number.isFinite(value));
  const cols = batch.cols - specialsOf(batch.logits).length;
  return batch.rows === 1 && cols <= 2 && finite.length <= 1 && finite.every(Number.isInteger);
}

function hasTargets({ targets }: Batch): boolean {
  return targets.some((target) => target > 0);
}

/** 1 to `last`. */
function integersTo(last: number): number[] {
  return Array.from({ length: last }, (_, k) => k + 1);
}

/** The rows with target 0, and with target 1 where the batch `isTargeted`; long rows with 1, which a loss may need. */
function attemptRows(batch: Batch, isTargeted: boolean, rows: readonly (readonly number[])[]): Search {
  const specials = specialsOf(batch.logits);
  const listed = rows.flatMap((row) => {
    const values = [...row, ...specials];
    const candidate = rowBatch(values, batch.upstream && values.map(() => 1), scalarsOf(batch));
    return classesFor(row, values.length > 1 && isTargeted).map((target) => ({
      ...candidate,
      targets: Int32Array.of(target),
    }));
  });
  return attemptAll(batch, listed.sort(compareSimplicity));
}

function classesFor(row: readonly number[], isTargeted: boolean): readonly number[] {
  if (row.length > 3) return row[0] === 0 ? [0, 1] : [1];
  return isTargeted ? [0, 1] : [0];
}
