/**
 * HTML as values. What a template is given as text is escaped, always: names and messages of targets are foreign, and what is put into
 * a page by {@link html} cannot be anything but text.
 */
import { visible } from '../../text/inert.ts';

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
