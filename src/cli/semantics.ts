/** What `--semantics` says. */

import { type Semantics, semanticsOf } from '../core/semantics.ts';
import { readFile } from '../record/read-file.ts';
import { UserError } from '../text/errors.ts';
import { readJson } from '../text/json.ts';
import type { SemanticsFlag } from './commands/semantics.ts';

/**
 * The semantics, of a file where it is one.
 * @throws UserError when the file cannot be read, or says nothing of the kind.
 */
export function readSemantics(flag: SemanticsFlag | undefined): Semantics | undefined {
  if (flag === undefined || !('file' in flag)) return flag;
  const value = readJson(readFile(flag.file), flag.file);
  if (typeof value === 'object') return semanticsOf(value);
  throw new UserError(`${flag.file} is no object: expected one like { "divisor": "rows" }`);
}
