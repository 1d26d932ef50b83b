/** What options make of a batch's rows, and those rows in double precision: the same for all operations that are given the same logits and options of scores. */
import type { Batch } from '../core/batch.ts';
import { keep } from '../core/keep.ts';
import { once } from '../core/once.ts';
import type { Reading } from '../options/readings.ts';
import { viewsOf } from '../options/view.ts';
import type { ApproximateRow } from '../row/approximate-row.ts';
import { approximateRows, type Workspace } from '../row/approximation.ts';
import type { View } from '../row/view.ts';

/** The rows of a batch by one reading of its options. */
export interface Scores {
  /** Null where the batch has no options: its rows are its logits. */
  readonly views: () => readonly View[] | null;
  /** The rows in double precision. */
  readonly approximate: () => readonly ApproximateRow[];
}

/** The scores by each reading, each computed once. */
export type ScoresBy = (reading: Reading) => Scores;

/** The scores of `batch`. With a workspace, the rows of the exact reading are valid until the workspace is used again. */
export function scoresOf(batch: Batch, workspace?: Workspace): ScoresBy {
  return keep((reading) => {
    const views = once(() => viewsOf(batch, reading));
    return {
      views,
      approximate: once(() => approximateRows(batch, reading === 'exact' ? workspace : undefined, views())),
    };
  });
}
