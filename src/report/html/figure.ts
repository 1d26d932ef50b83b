/** A figure: plots beside each other, what they show in words, and their numbers as a table. */
import { type Content, html, type Markup } from './markup.ts';

/** What a figure is. */
export interface Figure {
  /** The page's own name for it. */
  readonly id: string;
  readonly title: string;
  readonly caption: Content;
  /** Each with its heading, or the only one without. */
  readonly plots: readonly { readonly heading: string | null; readonly svg: Markup }[];
  readonly table: Table;
  /** Whether it stands in no section of figures, but beside these. */
  readonly isOwn?: boolean;
}

/** A table with a head in each column and in each row. */
export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The figure. */
export function figureOf({ id, title, caption, plots, table, isOwn = false }: Figure): Markup {
  return html`
<figure aria-labelledby="${id}">
${isOwn ? html`<h3 id="${id}">${title}</h3>` : html`<h4 id="${id}">${title}</h4>`}
<p class="legend">${caption}</p>
<div class="${plots.length === 1 ? 'single' : 'panels'}">${plots.map(({ heading, svg }) => html`<div>${heading !== null && html`<p class="panel"><code>${heading}</code></p>`}${svg}</div>`)}</div>
<details class="data"><summary>${title}, as a table</summary>
<div class="scroll" tabindex="0" role="group" aria-label="${title}, as a table"><table>
<caption>${table.caption}</caption>
<thead><tr>${table.head.map((words) => html`<th scope="col">${words}</th>`)}</tr></thead>
<tbody>${table.rows.map(
    ([first, ...rest]) => html`
<tr><th scope="row">${first}</th>${rest.map((words) => html`<td>${words}</td>`)}</tr>`,
  )}
</tbody></table></div></details>
</figure>`;
}
