/** Where the budget was used most, by the exponents of gap and of length; what no case has met is hatched. */
import type { Bands } from '../../campaign/explore/bands.ts';
import { LEAST_EXPONENT, MOST_EXPONENT } from '../../campaign/explore/bands.ts';
import { type Cell, cellBands, gapsOfExponent, lengthsOf } from '../bands.ts';
import { formatCount, formatSize, formatPower as power } from '../numbers.ts';
import { figureOf } from './figure.ts';
import { html, type Markup } from './markup.ts';
import { px } from './plot.ts';

const LEFT = 62;
const TOP = 6;
const WIDTH = 480;
const CELL_HEIGHT = 11;
const EXPONENTS = MOST_EXPONENT - LEAST_EXPONENT + 2;

/** Shares of the budget that are told apart, and how dark they are. */
const levels = [
  { upTo: 0.1, opacity: 0.07, words: 'up to 0.1' },
  { upTo: 0.25, opacity: 0.2, words: '0.25' },
  { upTo: 0.5, opacity: 0.38, words: '0.5' },
  { upTo: 0.75, opacity: 0.58, words: '0.75' },
  { upTo: 1, opacity: 0.8, words: '1' },
] as const;

/** The figure of all operations of a target; null where nothing was measured. */
export function heatFigure(coverage: Bands, id: string): Markup | null {
  const cells = cellBands(coverage);
  if (cells.length === 0) return null;
  const octaves = 1 + Math.max(...cells.map(({ octave }) => octave));
  const rows = Array.from({ length: EXPONENTS }, (_, exponent) => exponent);
  const columns = Array.from({ length: octaves }, (_, octave) => octave);
  const at = new Map(cells.map((cell) => [`${cell.exponent} ${cell.octave}`, cell]));
  const find = (exponent: number, octave: number): Cell | undefined => at.get(`${exponent} ${octave}`);
  return figureOf({
    id,
    title: 'What was tried, and how much of the budget it took',
    caption: html`${levels.map(({ opacity, words }) => html`<span class="key"><svg class="swatch" width="14" height="10" viewBox="0 0 14 10" aria-hidden="true" focusable="false"><rect class="cell" width="14" height="10" fill="#333" fill-opacity="${opacity}"/></svg> ${words}</span> `)}<span class="key wrong"><svg class="swatch" width="14" height="10" viewBox="0 0 14 10" aria-hidden="true" focusable="false"><rect class="cell bad" width="14" height="10" fill="#c33"/></svg> × wrong or beyond it</span> <span class="key"><svg class="swatch" width="14" height="10" viewBox="0 0 14 10" aria-hidden="true" focusable="false"><path class="hatch" d="${hatch(0, 0, 14, 10)}" stroke="#999" stroke-width=".75"/></svg> not met</span> Of all operations; measured in one of 17 cases, wrong answers in all.`,
    plots: [{ heading: null, svg: heatSvg(cells, octaves, id) }],
    table: {
      caption:
        'Most of the budget, by gap and by length of rows; × and how many answers were wrong; empty where nothing was met',
      head: ['gap', ...columns.map((octave) => lengthWords(octave))],
      rows: rows.map((exponent) => [
        gapWords(exponent),
        ...columns.map((octave) => cellWords(find(exponent, octave))),
      ]),
    },
  });
}

function heatSvg(cells: readonly Cell[], octaves: number, id: string): Markup {
  const width = (WIDTH - LEFT) / octaves;
  const base = TOP + EXPONENTS * CELL_HEIGHT;
  const xOf = (octave: number): number => LEFT + octave * width;
  // The largest gaps are on top.
  const yOf = (exponent: number): number => base - (exponent + 1) * CELL_HEIGHT;
  const box = ({ exponent, octave }: Cell): string =>
    `M${px(xOf(octave) + 0.5)} ${px(yOf(exponent) + 0.5)}h${px(width - 1)}v${CELL_HEIGHT - 1}h-${px(width - 1)}z`;
  const bad = cells.filter(isBad);
  const good = cells.filter((cell) => !isBad(cell));
  const levelOf = ({ worstUse }: Cell): number => levels.findIndex(({ upTo }) => worstUse <= upTo);
  const met = new Set(cells.map(({ exponent, octave }) => exponent * octaves + octave));
  const unmet = Array.from({ length: EXPONENTS * octaves }, (_, k) => k).filter((k) => !met.has(k));
  const height = base + 32;
  const lengthStep = Math.ceil(octaves / 9);
  return html`
<svg class="plot heat" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="${id}-t ${id}-d" font-family="sans-serif" font-size="12">
<title id="${id}-t">Budget by exponents of gap and length</title><desc id="${id}-d">${formatCount(cells.length)} of ${formatCount(EXPONENTS * octaves)} cells were met, ${formatCount(bad.length)} of them with wrong answers or errors beyond the budget.</desc>
<path class="hatch" d="${unmet.map((k) => hatch(xOf(k % octaves) + 0.5, yOf(Math.floor(k / octaves)) + 0.5, width - 1, CELL_HEIGHT - 1)).join('')}" stroke="#999" stroke-width=".5" fill="none"/>
${levels.map(({ opacity }, level) => {
  const those = good.filter((cell) => levelOf(cell) === level);
  return (
    those.length > 0 &&
    html`<path class="cell" d="${those.map(box).join('')}" fill="#333" fill-opacity="${opacity}"/>`
  );
})}
${bad.length > 0 && html`<path class="cell bad" d="${bad.map(box).join('')}" fill="#c33"/><path class="mark" d="${bad.map(({ exponent, octave }) => `M${px(xOf(octave) + width / 2 - 2)} ${px(yOf(exponent) + CELL_HEIGHT / 2 - 2)}l4 4m0 -4l-4 4`).join('')}" stroke="#fff" fill="none"/>`}
${Array.from({ length: EXPONENTS }, (_, exponent) => exponent)
  .filter((exponent) => exponent === 0 || (exponent - 1) % 3 === 2 || exponent === 1)
  .map(
    (exponent) =>
      html`<text x="${LEFT - 6}" y="${px(yOf(exponent) + 9)}" text-anchor="end">${gapLabel(exponent)}</text>`,
  )}
${Array.from({ length: octaves }, (_, octave) => octave)
  .filter((octave) => octave % lengthStep === 0)
  .map(
    (octave) =>
      html`<text x="${px(xOf(octave) + width / 2)}" y="${base + 13}" text-anchor="middle">${lengthLabel(octave)}</text>`,
  )}
<text class="label" x="${WIDTH}" y="${height - 4}" text-anchor="end">logits in a row, from</text>
<text class="label" x="0" y="${height - 4}">gap, from</text>
</svg>`;
}

function isBad({ wrong, worstUse }: Cell): boolean {
  return wrong > 0 || worstUse > 1;
}

/** Strokes across a box. */
function hatch(x: number, y: number, width: number, height: number): string {
  const strokes = Math.max(1, Math.round(width / 7));
  return Array.from({ length: strokes }, (_, k) => {
    const from = x + (k * width) / strokes;
    return `M${px(from)} ${px(y + height)}l${px(Math.min(height / 2, width / strokes))} ${px(-height)}`;
  }).join('');
}

function gapLabel(exponent: number): string {
  if (exponent === 0) return 'none';
  const { from, to } = gapsOfExponent(exponent);
  if (from === 0) return `<${power(to)}`;
  return from >= 1 ? String(from) : power(from);
}

function gapWords(exponent: number): string {
  const { from, to } = gapsOfExponent(exponent);
  if (to === 0) return 'none';
  if (from === 0) return `below ${power(to)}`;
  return Number.isFinite(to) ? `${power(from)} to ${power(to)}` : `${power(from)} and more`;
}

function lengthWords(octave: number): string {
  const { from, to } = lengthsOf(octave);
  return from === to ? String(from) : `${formatCount(from)} to ${formatCount(to)}`;
}

function lengthLabel(octave: number): string {
  return octave < 10 ? String(2 ** octave) : `${2 ** (octave - 10)}Ki`;
}

function cellWords(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  const { worstUse, wrong } = cell;
  const use = worstUse < 0 ? '' : Number.isFinite(worstUse) ? formatSize(worstUse) : 'none allowed';
  return [use, wrong > 0 ? `×${formatCount(wrong)}` : ''].filter((part) => part !== '').join(' ');
}
