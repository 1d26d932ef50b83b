/** A run on disk, whatever has become of its folder meanwhile. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Run } from '../campaign/result.ts';
import { UserError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { toFindingFile } from './finding-file.ts';
import { type RecordedFinding, type RecordedRun, recordRun } from './run.ts';
import { prepareFolder } from './store.ts';

/** A run, the folder that it is in, and why that is not the one that was meant. */
export interface SomewhereRecorded {
  readonly recorded: RecordedRun;
  readonly folder: string;
  readonly failure: UserError | null;
}

/**
 * The run with its findings' files in `folder`, or where that takes none in a new one for what is temporary. Where that does not either, its findings name the files that they
 * would have had: they can be printed yet.
 */
export function recordSomewhere(run: Run, folder: string): SomewhereRecorded {
  const recordIn = (where: string): RecordedRun => {
    prepareFolder(where, 'findings'); // It may have gone.
    return recordRun(run, where);
  };
  try {
    return { recorded: recordIn(folder), folder, failure: null };
  } catch (failure) {
    if (!(failure instanceof UserError)) throw failure;
    try {
      const elsewhere = mkdtempSync(join(tmpdir(), 'softmax-fuzz-'));
      return { recorded: recordIn(elsewhere), folder: elsewhere, failure };
    } catch {
      return { recorded: unrecorded(run, folder), folder, failure };
    }
  }
}

function unrecorded(run: Run, folder: string): RecordedRun {
  const named = (finding: Finding): RecordedFinding => {
    const { id } = toFindingFile(finding);
    return { finding, id, file: relative('', join(folder, 'findings', `${id}.json`)) };
  };
  return {
    ...run,
    targets: run.targets.map((result) => ({ ...result, findings: result.findings.map(named) })),
  };
}
