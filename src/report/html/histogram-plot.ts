/** How common errors are: a histogram of them in ULP, operation by operation. */
import { scaleBand, scaleLinear } from 'd3-scale';
import type { AccuracySummary } from '../../campaign/explore/accuracy.ts';
import { type Octave, octavesOf } from '../bands.ts';
import { formatCount, formatPower } from '../numbers.ts';
import { figureOf } from './figure.ts';
import { html, type Markup } from './markup.ts';
import { frame, plotSvg, px } from './plot.ts';

/** The figure; null where nothing was measured. */
export function histogramFigure(summaries: readonly AccuracySummary[], id: string): Markup | null {
  const all = summaries.map(({ operation, ulps }) => [operation, octavesOf(ulps)] as const);
  const starts = [...new Set(all.flatMap(([, octaves]) => octaves.map(({ from }) => from)))].sort(
    (a, b) => a - b,
  );
  if (starts.length === 0) return null;
  const labelOf = new Map(all.flatMap(([, octaves]) => octaves.map((each) => [each.from, words(each)])));
  const bands = scaleBand(starts, [frame.left, frame.width - frame.right]).paddingInner(0.15);
  const highest = Math.max(...all.map(([, octaves]) => Math.max(...octaves.map(shareIn(octaves)))));
  const y = scaleLinear([0, highest], [frame.height - frame.bottom, frame.top + 6]).nice(4);
  const plots = all.map(([operation, octaves], k) => {
    const total = totalOf(octaves);
    const shares = octaves.map((each) => ({ ...each, share: shareIn(octaves)(each) }));
    const most = shares.reduce((best, each) => (each.share > best.share ? each : best));
    const w = bands.bandwidth();
    const bars = shares
      .filter(({ numbers }) => numbers > 0)
      .map(({ from, share }) => {
        const [x, height] = [bands(from) as number, Math.max(y(0) - y(share), 1)];
        return html`<rect class="bar${from >= 1 && ' high'}" x="${px(x)}" y="${px(y(0) - height)}" width="${px(w)}" height="${px(height)}" fill="#666"/>${
          share >= LEAST_LABEL &&
          html`<text x="${px(x + w / 2)}" y="${px(y(0) - height - 3)}" text-anchor="middle" font-size="8">${formatShare(share)}</text>`
        }`;
      });
    const svg = plotSvg(
      {
        x: scaleLinear([0, 1], [0, 1]),
        xTicks: [],
        xLabel: 'ULP',
        y,
        yTicks: y.ticks(3).map((at) => ({ at, words: String(at) })),
        yLabel: '% of numbers',
        title: `Histogram of errors, ${operation}`,
        description: `Most errors, ${formatShare(most.share)} %, are ${words(most)} ULP, of ${formatCount(total)} numbers.`,
      },
      `${id}-${k}`,
      [
        ...bars,
        ...starts
          .filter(isLabeled)
          .map(
            (from) =>
              html`<text x="${px((bands(from) as number) + w / 2)}" y="${frame.height - frame.bottom + 12}" text-anchor="middle" font-size="8">${fraction(from)}</text>`,
          ),
      ],
    );
    return { heading: operation, svg };
  });
  return figureOf({
    id,
    title: 'How common errors are',
    caption:
      'The share of numbers whose error is from each power of two to the next, in percent. Below 1/2 ULP an answer is rounded as well as it can be.',
    plots,
    table: {
      caption: 'Numbers by their error in ULP',
      head: ['ULP', ...all.map(([operation]) => operation)],
      rows: starts.map((from) => [
        labelOf.get(from) ?? '',
        ...all.map(([, octaves]) => formatCount(octaves.find((each) => each.from === from)?.numbers ?? 0)),
      ]),
    },
  });
}

/** Smaller shares, in percent, are not told on their bars. */
const LEAST_LABEL = 3;

function totalOf(octaves: readonly Octave[]): number {
  return octaves.reduce((sum, { numbers }) => sum + numbers, 0);
}

/** The share of an octave in all of them, in percent. */
function shareIn(octaves: readonly Octave[]): (octave: Octave) => number {
  const total = totalOf(octaves);
  return ({ numbers }) => (100 * numbers) / total;
}

/** Every other power of two has room for its number. */
function isLabeled(from: number): boolean {
  return from === 0 || Math.log2(from) % 2 === 0;
}

function words({ from, to }: Octave): string {
  return from === 0 ? `below ${fraction(to)}` : `${fraction(from)} to ${fraction(to)}`;
}

/** `1/8`, `4`; thousands as powers of two. */
function fraction(ulps: number): string {
  if (ulps === 0) return '0';
  if (ulps < 1) return `1/${1 / ulps}`;
  return ulps < 1000 ? String(ulps) : formatPower(ulps);
}

function formatShare(share: number): string {
  if (share < 0.1) return '<0.1';
  return share < 10 ? String(Number(share.toFixed(1))) : String(Math.round(share));
}
