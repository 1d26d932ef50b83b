/**
 * HTML as values. What a template is given as text is escaped, always: names and messages of targets are foreign, and what is put into
 * a page by {@link html} cannot be anything but text.
 */

/** Text that is HTML. Only {@link html} and {@link raw} make it. */
export interface Markup {
  readonly markup: string;
}

/** What a template takes: text, numbers, HTML, lists of these; null, undefined and false are nothing. */
export type Content = string | number | Markup | null | undefined | false | readonly Content[];

/** A template of HTML, in which all text that is put in is escaped. Attribute values have to stand in double quotes. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return {
    markup: strings.map((each, k) => each + (k < contents.length ? render(contents[k]) : '')).join(''),
  };
}

/** HTML that this package holds itself. */
export function raw(markup: string): Markup {
  return { markup };
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (typeof content === 'string') return escaped(visible(content));
  if (typeof content === 'number') return String(content);
  return isList(content) ? content.map(render).join('') : content.markup;
}

function isList(content: Markup | readonly Content[]): content is readonly Content[] {
  return Array.isArray(content);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/**
 * The text with everything that would not be seen, or would change how the rest is seen, by its number: control characters, what
 * sets the direction of text, what has no width, and halves of characters: `\u{202e}`. Spaces and line feeds stay.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, (character) =>
    character === '\n' ? character : `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}

/** Text of a target's is shown up to so many characters. */
const LONGEST = 200;

/** Foreign text: the beginning of it, where it is long. */
export function shortened(text: string, longest = LONGEST): string {
  const characters = [...text.slice(0, 2 * longest + 2)];
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : text;
}
