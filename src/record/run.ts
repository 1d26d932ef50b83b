/** Puts the findings of a run on disk. */
import { join, relative } from 'node:path';
import type { Run, TargetResult } from '../campaign/result.ts';
import type { Finding } from '../core/finding.ts';
import { toFindingFile } from './finding-file.ts';
import { listJson, removeFile, writeFinding } from './store.ts';

/** A finding, its id and its file's path. */
export interface RecordedFinding {
  readonly finding: Finding;
  readonly id: string;
  /** Relative to the folder in which the command ran, so that `replay` takes it as it is. */
  readonly file: string;
  /** What lines to be pasted name, where `file` and the target are shown otherwise. */
  readonly named?: { readonly file: string; readonly specifier: string };
}

/** What one target's result was, with recorded findings. */
export interface RecordedTarget extends Omit<TargetResult, 'findings'> {
  readonly findings: readonly RecordedFinding[];
}

/** A run whose findings are on disk. */
export interface RecordedRun extends Omit<Run, 'targets'> {
  readonly targets: readonly RecordedTarget[];
}

/** Writes a file for each finding to `folder`/findings, and removes those of earlier runs. */
export function recordRun(run: Run, folder: string): RecordedRun {
  const findingsFolder = join(folder, 'findings');
  const targets = run.targets.map((result) => ({
    ...result,
    findings: result.findings.map((finding) => recordFinding(finding, findingsFolder)),
  }));
  const current = new Set(targets.flatMap(({ findings }) => findings.map(({ file }) => file)));
  for (const path of listJson(findingsFolder)) if (!current.has(relative('', path))) removeFile(path);
  return { ...run, targets };
}

/** Writes the file of one finding to `folder`. */
export function recordFinding(finding: Finding, folder: string): RecordedFinding {
  const file = toFindingFile(finding);
  return { finding, id: file.id, file: relative('', writeFinding(folder, file)) };
}
