/** A sweep as one HTML page: the verdict, the worst error over every x, series by series, and what the terminal says. */
import { scaleLinear } from 'd3-scale';
import type { Target } from '../core/target.ts';
import { formatFloat } from '../float32/format.ts';
import { packageVersion } from '../record/state-file.ts';
import { documentOf, timeOf } from '../report/html/document.ts';
import { type Figure, figureOf } from '../report/html/figure.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { dots, frame, plotSvg, px, type Tick } from '../report/html/plot.ts';
import { ulpAxis } from '../report/html/ulp-axis.ts';
import { formatSize } from '../report/numbers.ts';
import { inert, shortened } from '../text/inert.ts';
import type { SweepPlan } from './plan.ts';
import { positionOf } from './positions.ts';
import type { SweepResult } from './result.ts';
import { type Series, seriesOf, xAt } from './series.ts';
import { formatSweep } from './text.ts';

/** What is ticked: exp ends at some -104, and what is nearer to 0 than 1 is most of all numbers. */
const ticked = [-104, -1e-20, 0, 1e-20, 104];

/** The page of a sweep that was written at `date`. */
export function toSweepHtml(target: Target, result: SweepResult, date: Date): string {
  const { plan } = result;
  const name = shortened(target.name, 80);
  const text = formatSweep({ ...target, name: inert(target.name) }, result);
  return documentOf({
    title: `${name}, ${plan.operation}`,
    skip: 'Skip to the errors',
    header: html`<h1>softmax-fuzz sweep</h1>
<p class="verdict"><span>${text.slice(text.lastIndexOf('\n') + 1)}.</span></p>
<p class="meta">${plan.operation} of the rows [x, 0] and [0, x] · profile ${plan.profile} · ${timeOf(date)}</p>`,
    main: html`${result.blocks.length > 1 && errorFigure(result)}
<section aria-labelledby="text"><h2 id="text">In words</h2><pre>${text}</pre></section>`,
    footer: html`<p>softmax-fuzz ${packageVersion}</p>`,
  });
}

function errorFigure({ plan, blocks }: SweepResult): Markup {
  const x = scaleLinear([plan.from, plan.to], [frame.left, frame.width - frame.right]);
  const middle = (b: number): number => x((blocks[b].first + blocks[b].last) / 2);
  const plots = seriesOf(plan.operation).map((series, s) => {
    const worst = blocks.map(({ worstUlp }) => worstUlp[s]);
    const axis = ulpAxis(Math.min(Math.max(0, ...worst.filter(Number.isFinite)), 1e12));
    const points = worst.flatMap((ulps, b) =>
      Number.isFinite(ulps) ? [[middle(b), axis.show(ulps)] as const] : [],
    );
    const crosses = blocks.flatMap(({ isWrong }, b) => (isWrong[s] ? [cross(middle(b))] : []));
    const svg = plotSvg(
      {
        x,
        y: axis.y,
        xTicks: ticksOf(plan),
        yTicks: axis.yTicks,
        xLabel: 'x, by its order',
        yLabel: 'ULP',
        title: `Error over x, ${nameOf(series)}`,
        description: `The worst error is ${formatSize(Math.max(0, ...worst))} ULP. ${crosses.length} of ${blocks.length} ranges of x have wrong answers.`,
      },
      `sweep-${s}`,
      [
        dots(points, 'dots'),
        crosses.length > 0
          ? html`<path class="crosses" d="${crosses.join('')}" fill="none" stroke="#c33" stroke-width="1.25"/>`
          : null,
      ],
    );
    return { heading: nameOf(series), svg };
  });
  return figureOf({
    id: 'sweep',
    title: 'Error over x',
    caption,
    plots,
    table: tableOf(plan, blocks),
    isOwn: true,
  });
}

const caption = html`<span class="key"><i class="dot"></i> worst error in ULP</span> <span class="key wrong"><i class="cross">×</i> wrong answers</span> Each dot is of the numbers of two binades, one after the other: x grows from left to right.`;

function cross(at: number): string {
  return `M${px(at - 2)} ${frame.top - 4}l4 4m0 -4l-4 4`;
}

/** `output[0] of [x, 0]`. */
function nameOf({ xFirst, index }: Series): string {
  return `output[${index}] of ${xFirst ? '[x, 0]' : '[0, x]'}`;
}

function ticksOf({ from, to }: SweepPlan): Tick[] {
  return ticked
    .map((x) => ({ at: positionOf(Math.fround(x)), words: x < 0 ? `-${formatSize(-x)}` : formatSize(x) }))
    .filter(({ at }) => at >= from && at <= to);
}

function tableOf(plan: SweepPlan, blocks: SweepResult['blocks']): Figure['table'] {
  const series = seriesOf(plan.operation);
  return {
    caption: 'The worst error in ULP of each range of x',
    head: ['x', ...series.map(nameOf)],
    rows: blocks.map(({ first, last, worstUlp, isWrong }) => [
      `${formatFloat(xAt(plan, first))} to ${formatFloat(xAt(plan, last))}`,
      ...series.map((_, s) => `${formatSize(worstUlp[s])}${isWrong[s] ? ', wrong' : ''}`),
    ]),
  };
}
