/** A page that needs nothing but itself, and no script. */
import { type Content, html, type Markup, raw } from './markup.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/** What a page is made of. */
export interface Document {
  readonly title: string;
  /** What the link says that passes over the header. */
  readonly skip: string;
  readonly header: Content;
  readonly main: Content;
  readonly footer: Content;
}

/** The page as HTML. */
export function documentOf({ title, skip, header, main, footer }: Document): string {
  const page: Markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title}: softmax-fuzz</title>
<style>${raw(style)}</style>
</head>
<body>
<header>
<a class="skip" href="#main">${skip}</a>
${header}
</header>
<main id="main">
${main}
</main>
<footer>${footer}</footer>
<script>${raw(script)}</script>
</body>
</html>
`;
  return page.markup;
}

/** `28 November 2026, 15:04 UTC`, as an element. */
export function timeOf(date: Date): Markup {
  return html`<time datetime="${date.toISOString()}">${formatDate(date)}</time>`;
}

function formatDate(date: Date): string {
  const day = date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}
