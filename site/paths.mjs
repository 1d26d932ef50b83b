/** Pages by their paths in the repository, as `docs/verdicts.md`. */
import { basename, join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');

export const inRoot = (path) => join(root, path);

/** The path of the file that a page is made of. */
export const pathOf = (document) => relative(root, document.project.files.getReflectionPath(document));

/** A page's first heading, behind the number that its file has. */
export function titleOf(document) {
  const path = pathOf(document);
  const heading = /^# (.+)$/m.exec(document.content.map(({ text }) => text).join(''));
  if (heading === null) throw new Error(`${path} has no heading`);
  return [/^\d{4}/.exec(basename(path))?.[0], heading[1].replaceAll('`', '')].filter(Boolean).join(' ');
}
