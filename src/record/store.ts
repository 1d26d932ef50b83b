/** Files on disk. Each appears whole, by rename, or not at all. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { inertJson } from '../core/inert.ts';
import { type FindingFile, parseFindingFile } from './finding-file.ts';
import { readFile } from './read-file.ts';
import { reason } from './reason.ts';

/**
 * Makes `folder` and checks that files can be written to it.
 * @throws UserError when they cannot.
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    probe(join(folder, '.probe'));
  } catch (error) {
    throw new UserError(
      `cannot write to ${folder}: ${reason(error)}`,
      'Choose another folder with --reports DIR.',
    );
  }
}

/**
 * Checks that {@link writeFile} can write to `path`, and leaves what is there.
 * @throws UserError when it cannot.
 */
export function prepareFile(path: string): void {
  try {
    if (!isSpecial(path)) probe(path);
    else if (statSync(path).isDirectory()) throw new Error('it is a folder');
  } catch (error) {
    throw new UserError(`cannot write ${path}: ${reason(error)}`);
  }
}

/**
 * Writes `text` to `path`, under another name first, but to a device or pipe at once.
 * @throws UserError when it cannot; then there is no new file.
 */
export function writeFile(path: string, text: string): void {
  const unfinished = unfinishedName(path);
  try {
    if (isSpecial(path)) writeFileSync(path, text);
    else {
      writeFileSync(unfinished, text);
      renameSync(unfinished, path);
    }
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new UserError(`cannot write ${path}: ${reason(error)}`);
  }
}

/** Writes a finding to `folder`, as `<id>.json`, and returns its path. */
export function writeFinding(folder: string, file: FindingFile): string {
  const path = join(folder, `${file.id}.json`);
  writeFile(path, `${inertJson(JSON.stringify(file, null, 1))}\n`);
  return path;
}

/**
 * The finding in the file at `path`, whose batches have at most `mostLogits`.
 * @throws UserError when the file cannot be read or is not a finding of this schema version.
 */
export function readFinding(path: string, mostLogits?: number): FindingFile {
  return parseFindingFile(readFile(path), path, mostLogits);
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

function probe(path: string): void {
  writeFileSync(unfinishedName(path), '');
  rmSync(unfinishedName(path));
}

function unfinishedName(path: string): string {
  return `${path}.${process.pid}.tmp`;
}

/** Whether `path` is there and no ordinary file: nothing may take the place of /dev/null. */
function isSpecial(path: string): boolean {
  return existsSync(path) && !statSync(path).isFile();
}
