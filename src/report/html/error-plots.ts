/** Errors against the gap, and against the length of rows: the worst of each band, operation by operation. */
import { scaleLog } from 'd3-scale';
import type { Places } from '../../campaign/explore/bands.ts';
import type { Operation } from '../../core/operation.ts';
import type { Format } from '../../formats/format.ts';
import { gapBands, lengthBands, type Ranged } from '../bands.ts';
import { formatCount, formatSize } from '../numbers.ts';
import { type Figure, figureOf, type Table } from './figure.ts';
import { gapAxis, gapWords } from './gap-axis.ts';
import { html, type Markup } from './markup.ts';
import { dots, frame, line, plotSvg, px } from './plot.ts';
import { ulpAxis } from './ulp-axis.ts';

/** The operations in order, each with where its errors are. */
export type Measured = readonly (readonly [Operation, Places])[];

const { width, left, right, top } = frame;
const span: [number, number] = [left, width - right];

/** The figure of errors by gap. `format` is that of the kernel's arithmetic, whose exp has its thresholds. */
export function gapFigure(measured: Measured, format: Format, id: string): Markup | null {
  const { plot, middle, words } = gapAxis(format);
  return errorFigure(measured, {
    id,
    title: 'Error against gap',
    caption: html`${legend} ${words}`,
    first: 'gap',
    bandsOf: ({ gaps }) => gapBands(gaps),
    wordsOf: gapWords,
    middle,
    plot,
  });
}

/** The figure of errors by length. */
export function lengthFigure(measured: Measured, id: string): Markup | null {
  const longest = Math.max(
    ...measured.flatMap(([, { lengths }]) => lengthBands(lengths).map(({ to }) => to)),
  );
  const x = scaleLog([1, Math.max(longest, 2)], span).base(2);
  const step = Math.max(1, Math.ceil(Math.log2(longest) / 5));
  const ticks = Array.from({ length: Math.floor(Math.log2(Math.max(longest, 2)) / step) + 1 }, (_, k) => {
    const at = 2 ** (k * step);
    return { at, words: at < 1024 ? String(at) : `${at / 1024}Ki` };
  });
  return errorFigure(measured, {
    id,
    title: 'Error against row length',
    caption: html`${legend} Lines: n u, as the bound of a sum grows that is added one by one, and log₂n u, as one grows that is added in pairs.`,
    first: 'length',
    bandsOf: ({ lengths }) => lengthBands(lengths),
    wordsOf: ({ from, to }) => (from === to ? String(from) : `${formatCount(from)} to ${formatCount(to)}`),
    middle: ({ from, to }) => x(Math.sqrt(from * to)),
    plot: { x, xTicks: ticks, xLabel: 'logits in a row' },
    guides: (show, most) =>
      [(n: number) => n / 2, (n: number) => Math.log2(n) / 2].map((bound) => {
        const lengths = Array.from({ length: 69 }, (_, k) => 2 ** (k / 4)).filter(
          (n) => n <= longest && bound(n) >= 2 ** -4 && bound(n) <= most,
        );
        return line(
          lengths.map((n) => [x(n), show(bound(n))]),
          'guide',
        );
      }),
  });
}

interface ErrorFigure extends Pick<Figure, 'id' | 'title' | 'caption'> {
  /** The head of the first column. */
  readonly first: string;
  readonly bandsOf: (places: Places) => Ranged[];
  readonly wordsOf: (band: Ranged) => string;
  readonly middle: (band: Ranged) => number;
  readonly plot: Pick<Parameters<typeof plotSvg>[0], 'x' | 'xTicks' | 'xLabel' | 'rules'>;
  readonly guides?: (show: (ulps: number) => number, most: number) => (Markup | null)[];
}

const legend = html`<span class="key"><i class="dot"></i> worst error in ULP</span> <span class="key"><i class="dash"></i> what it was allowed</span> <span class="key wrong"><i class="cross">×</i> wrong answers</span>`;

function errorFigure(measured: Measured, figure: ErrorFigure): Markup | null {
  const { id, title, caption, first, bandsOf, wordsOf, middle, plot, guides } = figure;
  const all = measured.map(([operation, places]) => [operation, bandsOf(places)] as const);
  if (all.every(([, bands]) => bands.length === 0)) return null;
  const plots = all.map(([operation, bands], k) => {
    const sized = bands.filter(({ worstUlp }) => worstUlp >= 0);
    const axis = ulpAxis(Math.min(Math.max(0, ...sized.map(({ worstUlp }) => worstUlp)), 1e12));
    const within = sized.filter(({ worstUse }) => worstUse <= 1);
    const beyond = sized.filter(({ worstUse }) => !(worstUse <= 1));
    const place = (band: Ranged) => [middle(band), axis.show(band.worstUlp)] as const;
    const allowed = sized
      .filter(({ allowedUlp }) => allowedUlp <= axis.y.domain()[1])
      .map((band) => `M${px(middle(band) - 1.75)} ${px(axis.show(band.allowedUlp))}h3.5`);
    const crosses = bands.filter(({ wrong }) => wrong > 0).map((band) => cross(middle(band), top - 2));
    const svg = plotSvg(
      {
        ...plot,
        y: axis.y,
        yTicks: axis.yTicks,
        yLabel: 'ULP',
        title: `${title}, ${operation}`,
        description: describe(bands, wordsOf, first),
      },
      `${id}-${k}`,
      [
        ...(guides?.(axis.show, axis.y.domain()[1]) ?? []),
        allowed.length > 0
          ? html`<path class="allowed" d="${allowed.join('')}" fill="none" stroke="#888" stroke-width="1.5"/>`
          : null,
        dots(within.map(place), 'dots'),
        dots(beyond.map(place), 'dots over'),
        crosses.length > 0
          ? html`<path class="crosses" d="${crosses.join('')}" fill="none" stroke="#c33" stroke-width="1.25"/>`
          : null,
      ],
    );
    return { heading: operation, svg };
  });
  return figureOf({ id, title, caption, plots, table: tableOf(all, wordsOf, first) });
}

function cross(x: number, y: number): string {
  return `M${px(x - 2)} ${px(y - 2)}l4 4m0 -4l-4 4`;
}

function describe(bands: readonly Ranged[], wordsOf: (band: Ranged) => string, first: string): string {
  const sized = bands.filter(({ worstUlp }) => worstUlp >= 0);
  const wrong = bands.filter((band) => band.wrong > 0).map(wordsOf);
  const ofWrong = wrong.length === 0 ? 'No wrong answers.' : `Wrong answers at ${first} ${wrong.join(', ')}.`;
  if (sized.length === 0) return `No error was measured. ${ofWrong}`;
  const worst = sized.reduce((most, each) => (each.worstUlp > most.worstUlp ? each : most));
  return `The worst error is ${formatSize(worst.worstUlp)} ULP, at ${first} ${wordsOf(worst)}. ${ofWrong}`;
}

function tableOf(
  all: readonly (readonly [Operation, readonly Ranged[]])[],
  wordsOf: (band: Ranged) => string,
  first: string,
): Table {
  const starts = new Map(
    all
      .flatMap(([, bands]) => bands)
      .sort((a, b) => a.to - b.to)
      .map((band) => [band.to, band]),
  );
  return {
    caption: 'Worst error in ULP, in brackets the worst of the budget; × and how many answers were wrong',
    head: [first, ...all.map(([operation]) => operation)],
    rows: [...starts.values()].map((row) => [
      wordsOf(row),
      ...all.map(([, bands]) => cellWords(bands.find(({ to }) => to === row.to))),
    ]),
  };
}

function cellWords(band: Ranged | undefined): string {
  if (band === undefined) return '';
  const { worstUlp, worstUse, wrong } = band;
  const use = worstUse < 0 ? '' : `(${Number.isFinite(worstUse) ? formatSize(worstUse) : 'none allowed'})`;
  return [worstUlp < 0 ? '' : formatSize(worstUlp), use, wrong > 0 ? `×${formatCount(wrong)}` : '']
    .filter((part) => part !== '')
    .join(' ');
}
