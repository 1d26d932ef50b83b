/** How accurate the operations were that hold, as a table. */
import type { AccuracySummary } from '../../campaign/explore/accuracy.ts';
import { accuracyCells } from '../accuracy.ts';
import { formatCount } from '../numbers.ts';
import { html, type Markup } from './markup.ts';

/** The table; null where nothing was measured. */
export function accuracyTable(summaries: readonly AccuracySummary[]): Markup | null {
  if (summaries.length === 0) return null;
  const rows = summaries.map((summary) => {
    const [operation, typical, high, worst, use, place] = accuracyCells(summary);
    return html`
<tr><th scope="row"><code>${operation}</code></th><td class="number">${formatCount(summary.numbers)}</td><td class="number">${typical}</td><td class="number">${high}</td><td class="number">${worst}</td><td class="number share">${share(summary.worstUse.error)}<span>${use}</span></td><td>${place}</td></tr>`;
  });
  return html`
<section class="accuracy"><h3>Accuracy</h3>
<div class="scroll" tabindex="0" role="group" aria-label="Accuracy"><table>
<caption>Errors in ULP of the exact answer, of the operations without an error</caption>
<thead><tr><th scope="col">operation</th><th scope="col" class="number">numbers</th><th scope="col" class="number">typical</th><th scope="col" class="number">99.9 %</th><th scope="col" class="number">worst</th><th scope="col" class="number">of the budget</th><th scope="col">most of it at</th></tr></thead>
<tbody>${rows}
</tbody></table></div></section>`;
}

/** A bar for a share of the budget. */
function share(use: number): Markup {
  const width = Math.round(1000 * Math.min(use, 1)) / 10;
  return html`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="room" width="100" height="6" fill="#ddd"/><rect class="used" width="${width}" height="6" fill="#777"/></svg>`;
}
