/** Files on disk. Each appears whole, by rename, or not at all. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../text/errors.ts';
import { inertJson } from '../text/inert.ts';
import { type FindingFile, parseFindingFile } from './finding-file.ts';
import { MOST_BYTES, readFile } from './read-file.ts';
import { reason } from './system-error.ts';

/**
 * Makes `folder`, and in it the folders `parts`, each in the one before, and checks that files can be written to the last. `folder` may be a link, as people keep
 * reports on other disks; what is in it leads nowhere else. Gives the path of the last.
 * @throws UserError when files cannot be written, or a part is a link.
 */
export function prepareFolder(folder: string, ...parts: readonly string[]): string {
  const path = join(folder, ...parts);
  refuseLinks(folder, parts);
  try {
    makeFolder(path);
    probe(join(path, '.probe'));
  } catch (error) {
    throw new UserError(`cannot write to ${path}: ${reason(error)}`, howToChoose);
  }
  return path;
}

/**
 * Removes the last of `parts` with all that is in it, if it is there.
 * @throws UserError when it cannot, or is or is in a link.
 */
export function removeFolder(folder: string, ...parts: readonly string[]): void {
  const path = join(folder, ...parts);
  refuseLinks(folder, parts);
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw new UserError(`cannot remove ${path}: ${reason(error)}`, howToChoose);
  }
}

/** Not by `recursive`: where the system says that what is there is not there, as in /proc, Node tries on without an end. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error; // Another process was faster.
  }
}

/** What is below a file is nothing, and no link. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

const howToChoose = 'Choose another folder with --reports DIR.';

function refuseLinks(folder: string, parts: readonly string[]): void {
  for (let k = 1; k <= parts.length; k++) {
    const path = join(folder, ...parts.slice(0, k));
    if (isLink(path))
      throw new UserError(
        `${path} is a link, to ${readlinkSync(path)}: nothing outside of ${folder} is written or removed`,
        `Remove the link, or choose another folder with --reports DIR.`,
      );
  }
}

/**
 * Checks that {@link writeTo} can write to `path`, and leaves what is there.
 * @throws UserError when it cannot.
 */
export function prepareFile(path: string): void {
  writing(path, () => {
    if (!isSpecial(path)) probe(path);
    else if (statSync(path).isDirectory()) throw new Error('it is a folder');
  });
}

/**
 * Writes `text` to the file `path` of a folder of softmax-fuzz, under another name first. A link in its place is replaced, and what it leads to is left.
 * @throws UserError when it cannot; then there is no new file.
 */
export function writeFile(path: string, text: string): void {
  const unfinished = unfinishedName(path);
  writing(path, () => {
    try {
      writeAnew(unfinished, text);
      renameSync(unfinished, path);
    } catch (error) {
      removeQuietly(unfinished);
      throw error;
    }
  });
}

/**
 * The same of a file that a person has named, which may be a device or a pipe: that is written at once.
 * @throws UserError when it cannot.
 */
export function writeTo(path: string, text: string): void {
  if (isSpecial(path)) writing(path, () => writeFileSync(path, text));
  else writeFile(path, text);
}

function writing(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new UserError(`cannot write ${path}: ${reason(error)}`);
  }
}

/**
 * Removes the file, or the link; a folder of its name stays.
 * @throws UserError when it cannot.
 */
export function removeFile(path: string): void {
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) rmSync(path, { force: true });
  } catch (error) {
    throw new UserError(`cannot remove ${path}: ${reason(error)}`);
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

/**
 * The same of a file that is in a folder, where no pipe is waited for.
 * @throws UserError as {@link readFinding} does.
 */
export function readListed(path: string, mostLogits?: number): FindingFile {
  return parseFindingFile(readFile(path, MOST_BYTES, 0), path, mostLogits);
}

/**
 * The JSON files directly in `folder`, sorted by name; none when there is no such folder.
 * @throws UserError when it cannot be read.
 */
export function listJson(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UserError(`cannot read ${folder}: ${reason(error)}`);
  }
}

function probe(path: string): void {
  writeAnew(unfinishedName(path), '');
  rmSync(unfinishedName(path));
}

/** Writes to a new file: what a killed process of the same number has left, or a link that waits there, is removed. */
function writeAnew(path: string, text: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, text, { flag: 'wx' });
}

/** What is left of it is in the way of nothing. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder has become read-only meanwhile, or what is there is none of ours.
  }
}

function unfinishedName(path: string): string {
  return `${path}.${process.pid}.tmp`;
}

/** Whether `path` is there and no ordinary file: nothing may take the place of /dev/null. */
function isSpecial(path: string): boolean {
  return existsSync(path) && !statSync(path).isFile();
}
