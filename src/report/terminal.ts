/** Text as a terminal shows it: lines broken at words where they are too long, and colors. Reports are written without either. */
import { styleText } from 'node:util';

/** What a terminal has. */
export interface Terminal {
  /** Its width in characters; undefined where lines are not broken. */
  readonly columns: number | undefined;
  readonly isColored: boolean;
}

/** Lines that are to be copied are never broken. */
const copied = /^ +(?:Replay|Shrink on|Keep) +/;

/** The beginning of a line up to its text: `  Because     `, `  known 602f5f71  `. */
const beginning = /^(?: {2}[A-Z][a-z]+(?: [a-z]+)? {2,}| {2}(?:FAIL|WARN|known) +[0-9a-f]{8} {2}| +)/;

/** The text, line by line. */
export function laidOut(text: string, { columns, isColored }: Terminal): string {
  const lines =
    columns === undefined ? text.split('\n') : text.split('\n').flatMap((line) => broken(line, columns));
  return (isColored ? lines.map(colored) : lines).join('\n');
}

/** The line in pieces of the width, the second and further ones below its text; tables and lines to copy stay whole. */
function broken(line: string, columns: number): string[] {
  if (line.length <= columns || copied.test(line) || line.startsWith('|')) return [line];
  const indent = ' '.repeat(Math.min(beginning.exec(line)?.[0].length ?? 2, columns >> 1));
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const at = rest.lastIndexOf(' ', columns);
    if (at <= indent.length) break;
    pieces.push(rest.slice(0, at));
    rest = `${indent}${rest.slice(at + 1)}`;
  }
  return [...pieces, rest];
}

const styles: readonly (readonly [RegExp, Parameters<typeof styleText>[0]])[] = [
  [/^FAIL(?= )|^ {2}FAIL(?= )|FALSIFIED|LESS ACCURATE/, ['red', 'bold']],
  [/^WARN(?= )|^ {2}WARN(?= )|new warnings/, ['yellow', 'bold']],
  [/every property held/, 'green'],
  [/^ {2}(?:[A-Z][a-z]+(?: [a-z]+)?|bits|upstream)(?= {2,})|^ {2}known(?= )/, 'dim'],
];

/** The line with the first that is said of its kind in color. */
function colored(line: string): string {
  for (const [pattern, style] of styles)
    if (pattern.test(line))
      return line.replace(pattern, (words) => styleText(style, words, { validateStream: false }));
  return line;
}
