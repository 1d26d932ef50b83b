/** Files that specifiers name. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../text/errors.ts';

/**
 * The absolute path of the file at `path`; `owner` says in errors what names it, and `hint` how one is named.
 * @throws UserError when there is no such file.
 */
export function existingFile(owner: string, path: string, hint?: string): string {
  const file = resolve(path);
  const found = existsSync(file) ? statSync(file) : null;
  if (found?.isFile()) return file;
  const what = found?.isDirectory() ? `${file} is a folder, not a file` : `there is no file ${file}`;
  throw new UserError(`${owner}: ${what}`, hint);
}

/** The path in `./file.mjs#name`, and the name behind it, null where there is none. A `#` in a folder's name is of the path. */
export function splitName(specifier: string): { readonly path: string; readonly name: string | null } {
  const [, path = specifier, name = null] = /^(.*)#([^#/\\]*)$/s.exec(specifier) ?? [];
  return { path, name };
}
