/** Packages, found from the current folder as Node finds them: what a user has installed, not what this package has. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../text/errors.ts';
import { describeThrown } from './describe.ts';

/** The prefix of targets that are packages. */
export const PACKAGE_PREFIX = 'npm:';

/**
 * Where the package `name` is, as a URL to import; `owner` says in errors what needs it, and `remedy` how to get it.
 * @throws UserError when there is none in the current folder or above.
 */
export async function packageUrl(
  owner: string,
  name: string,
  remedy = `\`npm install ${name}\` in this folder may bring it.`,
): Promise<string> {
  // Not before a host has put its streams away (process/streams.ts): it imports node:process.
  const { resolve: resolveImport } = await import('import-meta-resolve');
  try {
    return resolveImport(name, pathToFileURL(resolve('index.js')).href);
  } catch (error) {
    throw new UserError(`${owner}: there is no package ${name} here: ${describeThrown(error)}`, remedy);
  }
}

/**
 * What the package `name` exports, of a CommonJS module what it assigned to `module.exports`.
 * @throws UserError when there is none, it does not load, or it lacks one of `needed`.
 */
export async function importPackage(
  owner: string,
  name: string,
  needed: readonly string[],
  remedy?: string,
): Promise<unknown> {
  const url = await packageUrl(owner, name, remedy);
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(url);
  } catch (error) {
    throw new UserError(`${owner}: the package ${name} does not load: ${describeThrown(error)}`, remedy);
  }
  const lacking = (from: unknown): string | undefined =>
    needed.find((each) => Object(from)[each] === undefined);
  const found = [exports, exports['default']].find((from) => lacking(from) === undefined);
  if (found !== undefined) return found;
  throw new UserError(
    `${owner}: the package ${name} has no export '${lacking(exports)}'`,
    'It may be of another version than softmax-fuzz knows: see docs/runtimes.md.',
  );
}
