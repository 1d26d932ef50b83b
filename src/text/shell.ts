/** Lines to be pasted into a shell: whatever a name holds, `sh` makes of the line the arguments that were meant, and the line is harmless to look at. */
import { inert } from './inert.ts';

/** What a shell takes as it is, and what it would do so with but at the beginning of a word: a comment, and in zsh the path of a command. */
const plain = /^(?![#=])[\w./#:@+=-]+$/;

/**
 * The argument as a shell takes it: as it is, or in quotes where it needs them. What {@link inert} would change, as control characters and blanks in a row, is written in octal, which
 * every shell's `printf` reads: `"$(printf '\101')"`. It must not end in a line feed, which shells drop there, nor hold a null, which no argument can.
 */
export function quoted(argument: string): string {
  if (plain.test(argument)) return argument;
  const inQuotes = `'${argument.replaceAll("'", `'\\''`)}'`;
  return inert(inQuotes, Number.POSITIVE_INFINITY) === inQuotes
    ? inQuotes
    : `"$(printf '${octal(argument)}')"`;
}

/** The path as an argument that no command takes for an option. */
export function quotedPath(path: string): string {
  return quoted(path.startsWith('-') ? `./${path}` : path);
}

/** The words as a line. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

/** All but letters, digits, dots and slashes, by their bytes. */
function octal(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w./]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
  }).join('');
}
