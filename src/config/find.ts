/** Where a folder's configuration is. */
import { existsSync } from 'node:fs';
import { UserError } from '../text/errors.ts';

/** The names that a configuration may have. */
export const configFiles: readonly string[] = ['mjs', 'js', 'ts', 'json'].map(
  (ending) => `softmax-fuzz.config.${ending}`,
);

/**
 * The configuration's file in the current folder, null where there is none.
 * @throws UserError when there are several.
 */
export function findConfig(): string | null {
  const found = configFiles.filter((file) => existsSync(file));
  if (found.length > 1)
    throw new UserError(`there are several configurations: ${found.join(', ')}`, 'Keep one of them.');
  return found[0] ?? null;
}
