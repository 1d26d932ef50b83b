/**
 * Failures of a size: the smallest of zeros that fails as a batch does, and where such a failure begins. A kernel that refuses 1,001 columns refuses them
 * whatever they hold, so that size alone is bisected, some 20 calls where a descent takes over a hundred of long rows.
 */
import { compareSimplicity } from '../arbitraries/simplicity.ts';
import type { Batch } from '../core/batch.ts';
import type { SizeBoundary } from '../core/finding.ts';
import { isScalar } from '../core/options.ts';

/** What a failure is asked for with. */
export interface SizeQuestions {
  readonly fails: (batch: Batch) => Promise<boolean>;
  /** Whether a batch of this size is an input at all: what is none shows nothing. */
  readonly takes: (batch: Batch) => boolean;
  /** Columns are a multiple of it. */
  readonly step: number;
}

/** Larger batches are not asked. */
const MOST_LOGITS = 2 ** 22;

/** Before what is always there once a size is reached, so many sizes beyond it fail. */
const LEAST_BEYOND = 3;

/** Numbers of columns of which some kernel takes multiples alone. */
const widths: readonly number[] = [
  ...Array.from({ length: 15 }, (_, k) => k + 2),
  32,
  64,
  128,
  256,
  512,
  1024,
];

/**
 * The smallest batch of zeros that fails, by bisecting its rows and then its columns; null where zeros of the shape of `batch` do not fail, or are less simple.
 * One row of all the logits is tried before some rows.
 */
export async function smallestOfZeros(
  batch: Batch,
  { fails, takes, step }: SizeQuestions,
): Promise<Batch | null> {
  const failsAt = async (rows: number, cols: number): Promise<boolean> => {
    const zeros = zerosOf(batch, rows, cols);
    return takes(zeros) && (await fails(zeros));
  };
  let { rows, cols } = batch;
  const order = compareSimplicity(zerosOf(batch, rows, cols), batch);
  if (order > 0 || (order < 0 && !(await failsAt(rows, cols)))) return null;
  if (rows > 1) {
    const joined = Math.ceil((rows * cols) / step) * step;
    if (await failsAt(1, cols)) rows = 1;
    else if (await failsAt(1, joined)) [rows, cols] = [1, joined];
    else rows = await least(rows, (count) => failsAt(count, cols));
  }
  cols = step * (await least(cols / step, (count) => failsAt(rows, step * count)));
  return zerosOf(batch, rows, cols);
}

/**
 * From which size on a batch fails that does not with one row or column fewer; null where that is not so, where larger ones pass, or where its rows
 * and columns all differ, so that none is there for the size alone. With `isRefused` also of which number its columns have to be a multiple.
 */
export async function sizeBoundary(
  batch: Batch,
  { fails, takes, step }: SizeQuestions,
  isRefused = false,
): Promise<SizeBoundary | null> {
  const { rows, cols } = batch;
  /** Null where it is not asked. */
  const failsAt = async (r: number, c: number): Promise<boolean | null> => {
    if (r < 1 || c < 1 || r * c > MOST_LOGITS) return null;
    const other = resized(batch, r, c);
    return other !== null && takes(other) ? fails(other) : null;
  };
  const beginsAt = async (count: number, by: number, at: (count: number) => Promise<boolean | null>) => {
    if ((await at(count - by)) !== false) return false;
    const thirds = by * Math.floor(count / (3 * by));
    for (const less of [2 * thirds, thirds]) if ((await at(less)) === true) return false;
    let beyond = 0;
    for (const more of beyondOf(count, by)) {
      const failed = await at(more);
      if (failed === false) return false;
      if (failed) beyond++;
    }
    return beyond >= LEAST_BEYOND;
  };
  if (isAlike(batch, 'cols') && (await beginsAt(cols, step, (count) => failsAt(rows, count)))) {
    const passes = cols - step;
    const half = (of: number, round: (x: number) => number): number => step * round(of / (2 * step));
    const isOfLogits =
      rows === 1 &&
      (await failsAt(2, half(passes, Math.floor))) === false &&
      (await failsAt(2, half(cols, Math.ceil))) === true;
    return { of: isOfLogits ? 'logits' : 'cols', passes };
  }
  if (isAlike(batch, 'rows') && (await beginsAt(rows, 1, (count) => failsAt(count, cols))))
    return { of: 'rows', passes: rows - 1 };
  if (!isRefused || step > 1) return null;
  const width = await firstWhere(widths, async (count) => (await failsAt(rows, count)) === false);
  if (width === undefined) return null;
  for (const count of [2 * width, 3 * width]) if ((await failsAt(rows, count)) !== false) return null;
  for (const count of [width + 1, 2 * width - 1, 2 * width + 1, 3 * width + Math.ceil(width / 2)])
    if ((await failsAt(rows, count)) !== true) return null;
  return { of: 'multiple', passes: width };
}

/** Sizes above `count`, multiples of `by` as it is: the next ones, the next power of two, about twice and about thrice as much. */
function beyondOf(count: number, by: number): number[] {
  const power = by * 2 ** (Math.floor(Math.log2(count / by)) + 1);
  return [count + by, count + 2 * by, count + 3 * by, power, 2 * count - by, 2 * count, 3 * count + by];
}

/** Whether so many rows, or columns, are alike that some are there for their number: two more than there are different ones. */
function isAlike({ rows, cols, logits }: Batch, of: 'rows' | 'cols'): boolean {
  const count = of === 'rows' ? rows : cols;
  const [along, length] = of === 'rows' ? [1, cols] : [cols, rows];
  const distinct = new Set<string>();
  for (let k = 0; k < count && distinct.size <= count - 2; k++) {
    const first = of === 'rows' ? k * cols : k;
    distinct.add(Array.from({ length }, (_, i) => logits[first + i * along]).join());
  }
  return distinct.size <= count - 2;
}

/** Zeros of a size, without options. */
function zerosOf({ options: _, upstream, ...batch }: Batch, rows: number, cols: number): Batch {
  const logits = new Float32Array(rows * cols);
  return { ...batch, rows, cols, logits, targets: new Int32Array(rows), upstream: upstream && logits };
}

/**
 * The batch with more rows and columns like its first, or without the first of them; null where an option has a value for each. Targets stay on their columns, or else on the
 * first.
 */
export function resized(batch: Batch, rows: number, cols: number): Batch | null {
  const { ignoreIndex } = batch.options ?? {};
  if (!Object.values(batch.options ?? {}).every(isScalar)) return null;
  const from = (count: number, of: number): number[] =>
    Array.from({ length: count }, (_, k) => Math.max(0, k + of - count));
  const itsRows = from(rows, batch.rows);
  const itsCols = from(cols, batch.cols);
  const pick = (values: Float32Array): Float32Array => {
    const picked = new Float32Array(rows * cols);
    for (let k = 0; k < picked.length; k++)
      picked[k] = values[itsRows[Math.floor(k / cols)] * batch.cols + itsCols[k % cols]];
    return picked;
  };
  const targets = Int32Array.from(itsRows, (r) => {
    const target = batch.targets[r];
    return target === ignoreIndex ? target : Math.max(0, target + cols - batch.cols);
  });
  return {
    ...batch,
    rows,
    cols,
    logits: pick(batch.logits),
    targets,
    upstream: batch.upstream && pick(batch.upstream),
  };
}

/** 1, where that fails, or else an integer up to `high` that fails and whose predecessor passes, as bisection finds it; `high` fails. */
async function least(high: number, fails: (count: number) => Promise<boolean>): Promise<number> {
  if (high === 1 || (await fails(1))) return 1;
  let passing = 1;
  let failing = high;
  while (failing - passing > 1) {
    const middle = Math.floor((passing + failing) / 2);
    if (await fails(middle)) failing = middle;
    else passing = middle;
  }
  return failing;
}

async function firstWhere(
  counts: readonly number[],
  test: (count: number) => Promise<boolean>,
): Promise<number | undefined> {
  for (const count of counts) if (await test(count)) return count;
  return undefined;
}
