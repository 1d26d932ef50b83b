/** The plots of a target. */
import { formats } from '../../formats/index.ts';
import type { RecordedTarget } from '../../record/run.ts';
import { gapFigure, lengthFigure } from './error-plots.ts';
import { heatFigure } from './heat-map.ts';
import { histogramFigure } from './histogram-plot.ts';
import { html, type Markup } from './markup.ts';

/** The section, or null where nothing was measured; `id` is the page's own for it. */
export function plotsSection(
  { target, operations, places, coverage, accuracies, findings }: RecordedTarget,
  id: string,
): Markup | null {
  const measured = operations.flatMap((operation) => {
    const each = places.get(operation);
    return each === undefined ? [] : [[operation, each] as const];
  });
  if (measured.length === 0) return null;
  const haveOptions = findings.some(({ finding }) => finding.batch.options !== undefined);
  const format = formats[target.formats?.arithmetic ?? 'fp32'];
  return html`
<section class="plots"><h3 id="${id}">Where errors are</h3>
${haveOptions && html`<p class="notes">Of calls without options: with options the numbers of a row are others.</p>`}
${gapFigure(measured, format, `${id}-gap`)}
${lengthFigure(measured, `${id}-length`)}
${histogramFigure(accuracies, `${id}-ulps`)}
${heatFigure(coverage, `${id}-heat`)}
</section>`;
}
