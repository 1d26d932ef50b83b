/** A batch's rows in double precision, computed once and shared by every operation and target. */
import { type Batch, rowOf } from '../core/batch.ts';
import { type ApproximateRow, approximateRow, approximateView } from './approximate-row.ts';
import type { View } from './view.ts';

/**
 * Memory for the rows of one batch at a time: typed arrays are slow to make. Rows computed in it are valid until it
 * is used again.
 */
export interface Workspace {
  memory: Float64Array;
}

/** Rows of more logits together get memory of their own, which goes with them: the next ones are not soon. */
const MOST_KEPT = 2 ** 20;

/** A workspace that grows to what it is used for, within bounds. */
export function createWorkspace(): Workspace {
  return { memory: new Float64Array() };
}

/** The rows of `batch`, or of what `views` make of them, in memory of their own unless a workspace is given. */
export function approximateRows(
  batch: Batch,
  workspace: Workspace = createWorkspace(),
  views: readonly View[] | null = null,
): readonly ApproximateRow[] {
  const { rows } = batch;
  const cols = views === null ? batch.cols : views[0].logits.length;
  const size = rows * cols;
  const memory = size > MOST_KEPT ? new Float64Array(2 * size) : roomIn(workspace, 2 * size);
  return Array.from({ length: rows }, (_, r) => {
    const from = r * cols;
    const gaps = memory.subarray(from, from + cols);
    const probabilities = memory.subarray(size + from, size + from + cols);
    return views === null
      ? approximateRow(rowOf(batch, r), gaps, probabilities)
      : approximateView(views[r], gaps, probabilities);
  });
}

function roomIn(workspace: Workspace, size: number): Float64Array {
  if (workspace.memory.length < size) workspace.memory = new Float64Array(size);
  return workspace.memory;
}
