/** Files on disk. Each appears whole, by rename, or not at all. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { type FindingFile, parseFindingFile } from './finding-file.ts';

/**
 * Makes `folder` and checks that files can be written to it.
 * @throws UserError when they cannot.
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new UserError(
      `cannot write to ${folder}: ${(error as Error).message}`,
      'Choose another folder with --reports DIR.',
    );
  }
}

/** Writes `text` to `path`, under another name first. */
export function writeFile(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.tmp`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, path);
}

/** Writes a finding to `folder`, as `<id>.json`, and returns its path. */
export function writeFinding(folder: string, file: FindingFile): string {
  const path = join(folder, `${file.id}.json`);
  writeFile(path, `${JSON.stringify(file, null, 1)}\n`);
  return path;
}

/**
 * The finding in the file at `path`.
 * @throws UserError when the file cannot be read or is not a finding of this schema version.
 */
export function readFinding(path: string): FindingFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`);
  }
  return parseFindingFile(text, path);
}

/** The JSON files directly in `folder`, sorted by name; none when there is no such folder. */
export function listJson(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
