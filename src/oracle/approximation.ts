/** A batch's rows in double precision, computed once and shared by every operation and target. */
import { type Batch, rowOf } from '../core/batch.ts';
import { type ApproximateRow, approximateRow } from './float64.ts';

/**
 * Memory for the rows of one batch at a time: typed arrays are slow to make. Rows computed in it are valid until it
 * is used again.
 */
export interface Workspace {
  memory: Float64Array;
}

/** A workspace that grows to what it is used for. */
export function createWorkspace(): Workspace {
  return { memory: new Float64Array() };
}

/** The rows of `batch`, in memory of their own unless a workspace is given. */
export function approximateRows(
  batch: Batch,
  workspace: Workspace = createWorkspace(),
): readonly ApproximateRow[] {
  const { rows, cols } = batch;
  const size = rows * cols;
  if (workspace.memory.length < 2 * size) workspace.memory = new Float64Array(2 * size);
  const { memory } = workspace;
  return Array.from({ length: rows }, (_, r) => {
    const from = r * cols;
    const gaps = memory.subarray(from, from + cols);
    return approximateRow(rowOf(batch, r), gaps, memory.subarray(size + from, size + from + cols));
  });
}
