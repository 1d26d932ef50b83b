/** The sizes that a kernel takes, as it documents them. */
import type { Batch } from './batch.ts';

/** Sizes beyond which a kernel is not asked; without one where left out. */
export interface Limits {
  /** The most rows. */
  readonly maxRows?: number | undefined;
  /** The most columns. */
  readonly maxCols?: number | undefined;
  /** Columns are a multiple of this. */
  readonly multipleOf?: number | undefined;
}

type Shape = Pick<Batch, 'rows' | 'cols'>;

/** Whether a batch is of these sizes. */
export function isWithin(
  { rows, cols }: Shape,
  { maxRows = rows, maxCols = cols, multipleOf = 1 }: Limits = {},
): boolean {
  return rows <= maxRows && cols <= maxCols && cols % multipleOf === 0;
}

/** The nearest shape of these sizes: columns are rounded up. */
export function fitted(
  { rows, cols }: Shape,
  { maxRows = rows, maxCols = Number.POSITIVE_INFINITY, multipleOf = 1 }: Limits,
): Shape {
  const most = Math.max(1, Math.floor(maxCols / multipleOf)) * multipleOf;
  return {
    rows: Math.min(rows, maxRows),
    cols: Math.min(most, Math.ceil(cols / multipleOf) * multipleOf),
  };
}

/** What is within the limits of both. */
export function bothLimits(a: Limits, b: Limits): Limits {
  const least = (x = Number.POSITIVE_INFINITY, y = Number.POSITIVE_INFINITY): number | undefined => {
    const both = Math.min(x, y);
    return Number.isFinite(both) ? both : undefined;
  };
  const [m = 1, n = 1] = [a.multipleOf, b.multipleOf];
  const multipleOf = (m * n) / greatestCommonDivisor(m, n);
  return {
    maxRows: least(a.maxRows, b.maxRows),
    maxCols: least(a.maxCols, b.maxCols),
    multipleOf: multipleOf === 1 ? undefined : multipleOf,
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
