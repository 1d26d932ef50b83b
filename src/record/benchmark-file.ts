/** The accuracy on the same batches as ever in run.json, which a baseline reads. */
import type * as v from 'valibot';
import type { BenchmarkedOperation } from '../campaign/compare/accuracy-benchmark.ts';
import { finiteOrNull } from './finding-file.ts';
import type { benchmarkSchema } from './run-file.ts';

type BenchmarkJson = v.InferOutput<typeof benchmarkSchema>;

/** Errors over their budgets to six digits. */
export function toBenchmarkJson(benchmark: readonly BenchmarkedOperation[]): BenchmarkJson {
  const digits = (sizes: readonly number[]): number[] => sizes.map((size) => Number(size.toPrecision(6)));
  return benchmark.map(({ operation, cells }) => ({
    operation,
    cells: cells.map(({ from, to, cols, mean, worst }) => ({
      from,
      to: finiteOrNull(to),
      cols,
      mean: digits(mean),
      worst: digits(worst),
    })),
  }));
}

/** What was written. */
export function fromBenchmarkJson(words: BenchmarkJson): BenchmarkedOperation[] {
  return words.map(({ operation, cells }) => ({
    operation,
    cells: cells.map((cell) => ({ ...cell, to: cell.to ?? Number.POSITIVE_INFINITY })),
  }));
}
