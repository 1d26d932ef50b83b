/**
 * Foreign text, made harmless: names, notes and messages of targets, names of files, what is in files. What a format has of its own to escape, as `<` in HTML, is the
 * business of its report.
 */

/**
 * The text with everything that would not be seen, or would change how the rest is seen, by its number: control characters, what
 * sets the direction of text, what has no width, and halves of characters: `\u{202e}`. Spaces and line feeds stay.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, (character) =>
    character === '\n' ? character : `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}

/** Foreign text is shown up to so many characters. */
export const LONGEST = 200;

/** Foreign text without its middle, where it is long: what a name or a message begins with says what it is, and the end of a path which. */
export function shortened(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  const characters = [...text.slice(0, 2 * longest)];
  if (characters.length <= longest && text.length <= 2 * longest) return text;
  const head = Math.ceil((longest - 1) / 2);
  const tail = longest - 1 - head;
  const end = tail === 0 ? [] : [...text.slice(-2 * tail)].slice(-tail);
  return `${characters.slice(0, head).join('')}…${end.join('')}`;
}

/**
 * Foreign text as part of a line, {@link visible} and {@link shortened}. It is no command to GitHub's runner, which takes `::` at the beginning
 * of a line and `##[` anywhere for the beginning of one.
 */
export function inert(text: string, longest = LONGEST): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  const shown = line.replace(/^::/, '\\u{3a}:').replaceAll('##[', '#\\u{23}[');
  return shortened(visible(shown), longest);
}

/** An error's message is shown up to so many characters: it may name several files, and lists what is expected. */
export const LONGEST_MESSAGE = 1000;

/** Foreign text of several lines, as a stack or what a program writes: each line {@link inert} behind its indentation. */
export function inertLines(text: string): string {
  return text
    .split('\n')
    .map((line) => `${/^ {0,40}/.exec(line)?.[0]}${inert(line, LONGEST_MESSAGE)}`)
    .join('\n');
}

/** A JSON text with the same value, in which everything that {@link visible} shows by its number is escaped, and what is a command to GitHub's runner too. */
export function inertJson(json: string): string {
  return json
    .replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, (character) =>
      Array.from({ length: character.length }, (_, k) => escaped(character.charCodeAt(k))).join(''),
    )
    .replaceAll('##[', '#\\u0023[');
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
