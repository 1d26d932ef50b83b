/**
 * Plots as static SVG: readable without scripts and without styles, which only add the colors of the page. Scales and ticks are
 * d3-scale's.
 */
import type { ScaleContinuousNumeric } from 'd3-scale';
import { html, type Markup } from './markup.ts';

/** A scale as a plot uses it. */
export type Scale = Pick<ScaleContinuousNumeric<number, number>, 'domain' | 'range'> &
  ((value: number) => number);

/** The size of a plot and the room around what is plotted, in pixels. */
export const frame = { width: 240, height: 170, left: 34, right: 6, top: 20, bottom: 30 } as const;

/** A place on an axis, with its words. */
export interface Tick {
  readonly at: number;
  readonly words: string;
}

/** What a plot is. */
export interface Plot {
  readonly title: string;
  /** What is seen, in a sentence, for who cannot see it. */
  readonly description: string;
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** Lines across the plot, under what is plotted. */
  readonly rules?: readonly Tick[];
}

/** The plot around `content`. `id` is the page's own for it. */
export function plotSvg(plot: Plot, id: string, content: readonly (Markup | null)[]): Markup {
  const { title, description, x, y, xTicks, yTicks, xLabel, yLabel, rules = [] } = plot;
  const { width, height, left, right, top, bottom } = frame;
  const base = height - bottom;
  return html`
<svg class="plot" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-t ${id}-d" font-family="sans-serif" font-size="10">
<title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
<path class="grid" d="${yTicks.map(({ at }) => `M${left} ${px(y(at))}H${width - right}`).join('')}" stroke="#ddd" fill="none"/>
<g text-anchor="end">${yTicks.map(({ at, words }) => html`<text x="${left - 5}" y="${px(y(at) + 3.5)}">${words}</text>`)}</g>
<g text-anchor="middle">${xTicks.map(({ at, words }) => html`<text x="${px(x(at))}" y="${base + 12}">${words}</text>`)}</g>
${
  rules.length > 0 &&
  html`<path class="rule" d="${rules.map(({ at }) => `M${px(x(at))} ${top - 6}V${base}`).join('')}" stroke="#999" stroke-dasharray="2 2" fill="none"/><g text-anchor="end" font-size="8">${rules.map(({ at, words }) => html`<text x="${px(x(at) - 2)}" y="${top - 8}">${words}</text>`)}</g>`
}
<path class="axis" d="M${left} ${base}H${width - right}" stroke="#666" fill="none"/>
<text class="label" x="${width - right}" y="${height - 4}" text-anchor="end">${xLabel}</text>
<text class="label" x="0" y="8">${yLabel}</text>
${content}
</svg>`;
}

/** A coordinate with as many digits as are seen. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Dots as one path of round ends. */
export function dots(points: readonly (readonly [number, number])[], kind: string): Markup | null {
  if (points.length === 0) return null;
  const path = points.map(([x, y]) => `M${px(x)} ${px(y)}h0`).join('');
  return html`<path class="${kind}" d="${path}" fill="none" stroke="#333" stroke-width="4" stroke-linecap="round"/>`;
}

/** A line through points. */
export function line(points: readonly (readonly [number, number])[], kind: string): Markup | null {
  if (points.length < 2) return null;
  const path = points.map(([x, y], k) => `${k === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
  return html`<path class="${kind}" d="${path}" fill="none" stroke="#999"/>`;
}
