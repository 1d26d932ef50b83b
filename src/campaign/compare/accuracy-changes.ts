/** What has become of the accuracy of a kernel between two versions of it, on the same batches (accuracy-benchmark.ts). */
import type { Operation } from '../../core/operation.ts';
import type { BenchmarkedOperation, Cell } from './accuracy-benchmark.ts';

/** An error that has grown by less than a tenth has not. */
const LEAST_FACTOR = 1.1;

/** Means and largest errors below this share of the budget are as good as none. */
const LEAST_USE = 0.001;

/** The errors of one operation in one cell that have grown, or shrunk, in every block. */
export interface AccuracyChange extends Cell {
  readonly operation: Operation;
  readonly of: 'worst' | 'mean';
  /** The smallest and the largest of the blocks, over the budget. */
  readonly before: readonly [from: number, to: number];
  readonly after: readonly [from: number, to: number];
  readonly isLoss: boolean;
}

/** The changes of the operations and cells that both versions have. */
export function accuracyChanges(
  before: readonly BenchmarkedOperation[],
  after: readonly BenchmarkedOperation[],
): AccuracyChange[] {
  return after.flatMap(({ operation, cells }) => {
    const earlier = before.find((each) => each.operation === operation)?.cells ?? [];
    return cells.flatMap((cell) => {
      const { from, to, cols } = cell;
      const old = earlier.find((each) => each.from === from && each.to === to && each.cols === cols);
      if (old === undefined) return [];
      return (['worst', 'mean'] as const).flatMap((of): AccuracyChange[] => {
        const isLoss = exceeds(cell[of], old[of]);
        if (!isLoss && !exceeds(old[of], cell[of])) return [];
        return [
          { operation, from, to, cols, of, before: rangeOf(old[of]), after: rangeOf(cell[of]), isLoss },
        ];
      });
    });
  });
}

/** Whether each of `a` is above its one of `b`, by enough. */
function exceeds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, k) => size >= LEAST_USE && size >= LEAST_FACTOR * b[k]);
}

function rangeOf(sizes: readonly number[]): [number, number] {
  return [Math.min(...sizes), Math.max(...sizes)];
}
