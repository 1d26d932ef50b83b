/** Saved counterexamples: findings in a folder that people commit, tried first by every campaign. */
import { basename } from 'node:path';
import type { Batch } from '../core/batch.ts';
import { fromBatchWords } from './batch-words.ts';
import { listJson, readListed } from './store.ts';

/** A batch and the file that it was saved in. */
export interface SavedBatch {
  readonly batch: Batch;
  readonly file: string;
}

/**
 * The smallest inputs of the findings in `folder`, by file name, each behind those of the calls that it needs before it; none when there is
 * no such folder.
 * @throws UserError when a file is not a finding, or a batch has more than `mostLogits`.
 */
export function readSaved(folder: string, mostLogits?: number): SavedBatch[] {
  return listJson(folder).flatMap((path) => {
    const finding = readListed(path, mostLogits);
    const inputs = [...(finding.before ?? []), finding].map(({ input }) => input);
    return inputs.map((input) => ({ batch: fromBatchWords(input), file: basename(path) }));
  });
}
