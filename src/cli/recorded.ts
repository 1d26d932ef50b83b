/** Findings as command lines name them, and the targets that they are run on. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../core/target.ts';
import type { FindingFile } from '../record/finding-file.ts';
import { listJson, readListed } from '../record/store.ts';
import { isBuiltin } from '../targets/builtin.ts';
import { resolveTarget } from '../targets/resolve.ts';
import { UserError } from '../text/errors.ts';
import { quoted } from '../text/shell.ts';
import { targetNamed } from './named.ts';
import type { ReachOptions } from './reach.ts';

/**
 * The path of a finding named by its file or by the beginning of its id.
 * @throws UserError when there is none, or more than one.
 */
export function locateFinding(fileOrId: string, reports: string): string {
  if (existsSync(fileOrId)) return fileOrId;
  if (!/^[0-9a-f]{4,8}$/.test(fileOrId)) throw new UserError(`there is no file ${fileOrId}`);
  const runs = existsSync(reports) ? readdirSync(reports).filter((name) => /^latest-[\w-]+$/.test(name)) : [];
  const folders = [
    ...['latest', ...runs.sort()].map((run) => join(run, 'findings')),
    'minimized',
    'regressions',
  ].map((folder) => join(reports, folder));
  const found = folders
    .flatMap(listJson)
    .map((path) => ({ path, id: readListed(path).id }))
    .filter(({ id }) => id.startsWith(fileOrId));
  const ids = new Set(found.map(({ id }) => id));
  if (ids.size === 0) throw new UserError(`there is no finding ${fileOrId} in ${folders.join(' or ')}`);
  if (ids.size > 1)
    throw new UserError(`${fileOrId} may be any of ${[...ids].join(', ')}`, 'Give more digits.');
  return found[0].path;
}

/** Of an error's hint, so much can be a target. */
const LONGEST_SPECIFIER = 200;

/**
 * What to run: the target on the command line, or the built-in kernel that the file names. Nothing else.
 * @throws UserError when that is nothing, or cannot be loaded.
 */
export async function targetOf(
  { target }: FindingFile,
  specifier: string | undefined,
  options: ReachOptions,
  showStderr = false,
): Promise<Target> {
  if (specifier !== undefined) return targetNamed(specifier, options, showStderr);
  if (isBuiltin(target.specifier)) return resolveTarget(target.specifier);
  throw new UserError(
    `this finding is of ${target.name}, and only what the command line names is run`,
    target.specifier.length > LONGEST_SPECIFIER
      ? 'Add --target and what its file has as target.specifier.'
      : `Add --target ${quoted(target.specifier)}`,
  );
}
