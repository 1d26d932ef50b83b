/** Figures that scripts measure, in docs/reliability.md between `<!-- NAME -->` and `<!-- end -->`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the Markdown to its place. */
export function writeFigures(name, markdown) {
  const page = join(import.meta.dirname, '../docs/reliability.md');
  const text = readFileSync(page, 'utf8');
  const place = new RegExp(`(?<=<!-- ${name} -->\\n)(?:(?!<!-- end -->).)*(?=<!-- end -->)`, 's');
  if (!place.test(text)) throw new Error(`${page} has no place for ${name}`);
  writeFileSync(
    page,
    text.replace(place, () => `\n${markdown}\n\n`),
  );
}
