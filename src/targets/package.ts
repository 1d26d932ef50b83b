/** Packages, found from the current folder as Node finds them: what a user has installed, not what this package has. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../core/errors.ts';
import { describeThrown } from './describe.ts';

/** The prefix of targets that are packages. */
export const PACKAGE_PREFIX = 'npm:';

/**
 * Where the package `name` is, as a URL to import; `owner` says in errors what needs it.
 * @throws UserError when there is none in the current folder or above.
 */
export async function packageUrl(owner: string, name: string): Promise<string> {
  // Not before a host has put its streams away (process/streams.ts): it imports node:process.
  const { resolve: resolveImport } = await import('import-meta-resolve');
  try {
    return resolveImport(name, pathToFileURL(resolve('index.js')).href);
  } catch (error) {
    throw new UserError(
      `${owner}: there is no package ${name} here: ${describeThrown(error)}`,
      `\`npm install ${name}\` in this folder may bring it.`,
    );
  }
}
