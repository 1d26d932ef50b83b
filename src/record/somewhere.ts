/** A run on disk, whatever has become of its folder meanwhile. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Run } from '../campaign/result.ts';
import type { Finding } from '../core/finding.ts';
import { UserError } from '../text/errors.ts';
import { toFindingFile } from './finding-file.ts';
import { type RecordedFinding, type RecordedRun, recordFinding, recordRun } from './run.ts';
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

/** The finding with its file in the folder `name` of `reports`, which is made; where it takes none, as if it had one. */
export function recordIfPossible(
  finding: Finding,
  reports: string,
  name: string,
): { readonly recorded: RecordedFinding; readonly failure: UserError | null } {
  const folder = join(reports, name);
  try {
    prepareFolder(reports, name);
    return { recorded: recordFinding(finding, folder), failure: null };
  } catch (failure) {
    if (!(failure instanceof UserError)) throw failure;
    return { recorded: unwritten(finding, folder), failure };
  }
}

function unwritten(finding: Finding, folder: string): RecordedFinding {
  const { id } = toFindingFile(finding);
  return { finding, id, file: relative('', join(folder, `${id}.json`)) };
}

function unrecorded(run: Run, folder: string): RecordedRun {
  const named = (finding: Finding): RecordedFinding => unwritten(finding, join(folder, 'findings'));
  return {
    ...run,
    targets: run.targets.map((result) => ({ ...result, findings: result.findings.map(named) })),
  };
}
