/** Several targets in one plot: the worst errors of each by gap, operation by operation. */

import type { Operation } from '../../core/operation.ts';
import { operations } from '../../core/operation.ts';
import { formats } from '../../formats/index.ts';
import type { RecordedTarget } from '../../record/run.ts';
import { shortened } from '../../text/inert.ts';
import { gapBands, type Ranged } from '../bands.ts';
import { formatSize } from '../numbers.ts';
import { figureOf } from './figure.ts';
import { gapAxis, gapWords } from './gap-axis.ts';
import { html, type Markup } from './markup.ts';
import { plotSvg, px } from './plot.ts';
import { ulpAxis } from './ulp-axis.ts';

/** The shapes that tell targets apart, as paths around a point; more targets than these are not told apart in one plot. */
const shapes: readonly string[] = [
  'm-2 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0', // a ring
  'm-2.2 -2.2l4.4 4.4m0 -4.4l-4.4 4.4', // a cross
  'm0 -2.4l2.2 4h-4.4z', // a triangle
  'm-1.8 -1.8h3.6v3.6h-3.6z', // a square
  'm0 -2.6v5.2m-2.6 -2.6h5.2', // a plus
  'm0 -2.6l2.2 2.6l-2.2 2.6l-2.2 -2.6z', // a diamond
];

/** The figure of the operations that two targets or more have; null where there are none. */
export function comparisonFigure(targets: readonly RecordedTarget[], id: string): Markup | null {
  const shown = targets.slice(0, shapes.length);
  const shared = operations.filter(
    (operation) => shown.filter(({ places }) => places.has(operation)).length > 1,
  );
  if (shared.length === 0) return null;
  const names = shown.map(({ target }) => shortened(target.name, 40));
  const { plot, middle, words } = gapAxis(formats[shown[0].target.formats?.arithmetic ?? 'fp32']);
  const bandsOf = (operation: Operation): (readonly Ranged[])[] =>
    shown.map(({ places }) => gapBands(places.get(operation)?.gaps ?? new Map()).filter(isSized));
  const plots = shared.map((operation, k) => {
    const all = bandsOf(operation);
    const axis = ulpAxis(Math.min(Math.max(0, ...all.flat().map(({ worstUlp }) => worstUlp)), 1e12));
    const svg = plotSvg(
      {
        ...plot,
        y: axis.y,
        yTicks: axis.yTicks,
        yLabel: 'ULP',
        title: `Targets compared, ${operation}`,
        description: all.map((bands, t) => `${names[t]}: ${describe(bands)}`).join(' '),
      },
      `${id}-${k}`,
      all.map((bands, t) => {
        const path = bands.map((band) => `M${px(middle(band))} ${px(axis.show(band.worstUlp))}${shapes[t]}`);
        return path.length === 0 ? null : seriesPath(path.join(''));
      }),
    );
    return { heading: operation, svg };
  });
  return figureOf({
    id,
    isOwn: true,
    title: 'Targets compared: error against gap',
    caption: html`The worst error in ULP of ${names.map((name, t) => html`<span class="key"><svg class="swatch" width="10" height="10" viewBox="-4 -4 8 8" aria-hidden="true" focusable="false">${seriesPath(`M0 0${shapes[t]}`)}</svg> ${name}</span> `)}${targets.length > shown.length && html`(and of ${targets.length - shown.length} more that are not drawn) `}${words}`,
    plots,
    table: {
      caption: 'Worst error in ULP, by operation and gap',
      head: ['operation, gap', ...names],
      rows: shared.flatMap((operation) => rowsOf(operation, bandsOf(operation))),
    },
  });
}

function seriesPath(path: string): Markup {
  return html`<path class="series" d="${path}" fill="none" stroke="#333"/>`;
}

function isSized({ worstUlp }: Ranged): boolean {
  return worstUlp >= 0;
}

function describe(bands: readonly Ranged[]): string {
  if (bands.length === 0) return 'nothing was measured.';
  const worst = bands.reduce((most, each) => (each.worstUlp > most.worstUlp ? each : most));
  return `worst ${formatSize(worst.worstUlp)} ULP, at gap ${gapWords(worst)}.`;
}

function rowsOf(operation: Operation, all: readonly (readonly Ranged[])[]): string[][] {
  const rows = new Map(all.flat().map((band) => [band.to, gapWords(band)]));
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([to, words]) => [
      `${operation}, ${words}`,
      ...all.map((bands) => {
        const band = bands.find((each) => each.to === to);
        return band === undefined ? '' : formatSize(band.worstUlp);
      }),
    ]);
}
