/** Shapes of batches. Lengths matter as much as values: most tail, block and lane faults need one near a power of two. */

import type { Limits } from '../core/limits.ts';
import type { Random } from '../core/random.ts';
import { UserError } from '../text/errors.ts';

/** The sizes that batches may have. The defaults suit a judge that is exact and therefore slow. */
export interface ShapeOptions {
  /** Every batch has this many rows. */
  readonly rows?: number | undefined;
  /** Every row has this many logits. */
  readonly cols?: number | undefined;
  /** The most rows drawn: 4 unless given. */
  readonly maxRows?: number | undefined;
  /** The most logits in a drawn row: 64 unless given. Meant for up to 100,000. */
  readonly maxCols?: number | undefined;
  /** The most logits in a batch: the larger of 256 and `maxCols` unless given. A size drawn gives way to it, a fixed one never. */
  readonly maxCells?: number | undefined;
  /** The most rows that the targets take: shapes beyond it are drawn nearer. None unless given. */
  readonly limitRows?: number | undefined;
  /** The same of columns. */
  readonly limitCols?: number | undefined;
  /** Columns are a multiple of this: 1 unless given. */
  readonly multipleOf?: number | undefined;
}

/** The limits that these options have. */
export function limitsOf({ limitRows, limitCols, multipleOf }: ShapeOptions): Limits {
  return { maxRows: limitRows, maxCols: limitCols, multipleOf };
}

/** The number of rows and of logits a row, both at least 1. */
export interface Shape {
  readonly rows: number;
  readonly cols: number;
}

/**
 * A generator of shapes.
 * @throws UserError when an option is not a positive integer.
 */
export function shapeGenerator(options: ShapeOptions = {}): (random: Random) => Shape {
  const { rows, cols, maxRows = 4, maxCols = 64, maxCells = Math.max(256, maxCols) } = options;
  checkSize('rows', rows);
  checkSize('cols', cols);
  checkSize('maxRows', maxRows);
  checkSize('maxCols', maxCols);
  checkSize('maxCells', maxCells);
  const fitting = (most: number, others: number) =>
    Math.max(1, Math.min(most, Math.floor(maxCells / others)));
  return (random) => {
    const drawnCols = cols ?? length(random, fitting(maxCols, rows ?? 1));
    return { rows: rows ?? height(random, fitting(maxRows, drawnCols)), cols: drawnCols };
  };
}

/** From 1 to `max`: as often 1 to 3 as next to a power of two as anything, there with all orders of magnitude alike. */
function length(random: Random, max: number): number {
  const power = 2 ** random.below(32 - Math.clz32(max));
  switch (random.below(3)) {
    case 0:
      return Math.min(max, 1 + random.below(3));
    case 1:
      return Math.min(max, Math.max(1, power - 1 + random.below(3)));
    default:
      return Math.min(max, power + random.below(power));
  }
}

/** From 1 to `max`: often one row, the smallest case, or two, the smallest in which rows can meet. */
function height(random: Random, max: number): number {
  if (random.chance(0.5)) return 1;
  return random.chance(0.5) ? Math.min(max, 2) : 1 + random.below(max);
}

function checkSize(name: string, size: number | undefined): void {
  if (size !== undefined && (!Number.isInteger(size) || size < 1))
    throw new UserError(`${name} is ${size}: expected an integer of at least 1`);
}
