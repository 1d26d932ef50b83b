/** The names in a library of machine code that may be those of functions. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** So much of a file is looked through: the names that it exports are near its beginning. */
const MOST_BYTES = 2 ** 26;

/**
 * The words in the file that are of the field by `isOfField`, and are exported by `isThere`, which decides: a table of
 * names is found by no format, and may keep a name as the end of another.
 */
export function exportedNames(
  file: string,
  isOfField: (name: string) => boolean,
  isThere: (name: string) => boolean,
): string[] {
  const words = beginningOf(file).match(/[A-Za-z_]\w{2,200}/g) ?? [];
  const ends = [...new Set(words.filter(isOfField))].flatMap((word) =>
    Array.from({ length: word.length - 2 }, (_, k) => word.slice(k)).filter((end) => /^[A-Za-z_]/.test(end)),
  );
  return [...new Set(ends)].filter((name) => isOfField(name) && isThere(name));
}

function beginningOf(file: string): string {
  const bytes = Buffer.alloc(Math.min(statSync(file).size, MOST_BYTES));
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
  return bytes.toString('latin1');
}
