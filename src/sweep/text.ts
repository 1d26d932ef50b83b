/** A sweep as text for a terminal. Lines keep to 100 columns where their content lets them. */
import type { Target } from '../core/target.ts';
import { formatFloat } from '../float32/format.ts';
import { describeFormats } from '../formats/describe.ts';
import type { Format } from '../formats/format.ts';
import { formats as grids } from '../formats/index.ts';
import { toHexIn } from '../formats/words.ts';
import { formatCount, formatSize } from '../report/numbers.ts';
import { type Fault, faultsOf, type SweepVerdict, verdictOf } from './faults.ts';
import { condense, FLUSHED, type Interval } from './intervals.ts';
import type { SweepPlan } from './plan.ts';
import { positionsOf } from './positions.ts';
import type { Beyond, SeriesSummary, SweepResult, Worst } from './result.ts';
import { type Series, xAt } from './series.ts';

/** Intervals that are printed of one fault in one series. */
const MOST_INTERVALS = 4;

/** Counts that are printed of one series. */
const MOST_COUNTS = 6;

const verdicts: Readonly<Record<SweepVerdict, string>> = {
  falsified: 'FALSIFIED',
  warnings: 'no error, but answers beyond the budget',
  known: 'only known faults',
  held: 'every answer is within its budget',
};

/** What the sweep has shown: the errors of each series, the intervals of each fault, a verdict. Equal series are shown once. */
export function formatSweep(target: Target, result: SweepResult): string {
  const { plan, visits, series } = result;
  const faults = faultsOf(target, result);
  const heading = [
    `${target.name}: ${plan.operation} of [x, 0] and [0, x] for ${formatRange(plan)}`,
    `  ${formatCount(visits)} words, ${[describeFormats(plan.formats), `profile ${plan.profile}`].filter(Boolean).join(', ')}`,
  ].join('\n');
  const summaries = groupEqual(series, ({ series: _, ...shown }) => shown).map((group) =>
    formatSeries(
      plan,
      group.map((each) => each.series),
      group[0],
    ),
  );
  const verdict = `${target.name}: ${verdicts[verdictOf(faults)]}`;
  return [heading, ...summaries, ...faults.map((fault) => formatFault(plan, fault)), verdict].join('\n\n');
}

/** The items in groups of those that show the same, in order. */
function groupEqual<T>(items: readonly T[], shownOf: (item: T) => object): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(shownOf(item));
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

function formatRange(plan: SweepPlan): string {
  const { stride, from, to, formats } = plan;
  const which = stride === 1 ? 'every' : `the thresholds and every ${formatCount(stride)}th`;
  if (from === 0 && to === positionsOf(grids[formats.logits]) - 1)
    return formats.logits === 'fp32' ? `${which} finite x` : `${which} x, infinities and NaN too`;
  return `${which} x from ${formatX(plan, from)} to ${formatX(plan, to)}`;
}

function formatSeries(
  plan: SweepPlan,
  places: readonly Series[],
  { error, use, beyond, nans }: SeriesSummary,
): string {
  const answer = grids[plan.formats.answer];
  const lines = [places.map(formatPlace).join(' and ')];
  const add = (label: string, text: string): void => {
    lines.push(`  ${label.padEnd(14)}${text}`);
  };
  if (error === null) add('largest error', 'below 1e-6 ULP');
  else {
    add(
      'largest error',
      `${formatWorst(error)} ULP at x = ${formatX(plan, error.position)}${formatProof(error)}`,
    );
    add('', `answered ${formatValue(error.got, answer)}, nearest ${formatValue(error.nearest, answer)}`);
  }
  if (beyond.length > 0) add('beyond', formatBeyond(beyond));
  if (nans > 0) add('NaN', formatCount(nans));
  if (use !== null)
    add('budget', `${formatWorst(use)} used at x = ${formatX(plan, use.position)}${formatProof(use)}`);
  return lines.join('\n');
}

/** `0.5 ULP 12,345, 1 ULP 678`: a few of the counts where there are many. */
function formatBeyond(beyond: readonly Beyond[]): string {
  const shown = beyond.filter(({ ulps }) => ulps <= 4 || Math.log2(ulps) % 4 === 0).slice(0, MOST_COUNTS);
  return shown.map(({ ulps, answers }) => `${formatSize(ulps)} ULP ${formatCount(answers)}`).join(', ');
}

/** Seven digits, as far as there are so many. */
function formatWorst({ size }: Worst): string {
  return size < 1e-3 || size >= 1e7 ? formatSize(size) : String(Number(size.toPrecision(7)));
}

function formatProof({ isProven }: Worst): string {
  return isProven ? '' : ', and others come as near';
}

function formatFault(plan: SweepPlan, { name, severity, known, answers, places }: Fault): string {
  const status = known ? 'known' : severity === 'error' ? 'FAIL' : severity === 'warning' ? 'WARN' : 'note';
  const what = name === FLUSHED ? 'flushed: 0 where the nearest answer is not 0, within the budget' : name;
  const groups = groupEqual(places, ({ intervals }) => intervals);
  const lines = groups.flatMap((group) => [
    `  ${group.map(({ series }) => formatPlace(series)).join(' and ')}`,
    ...condense(group[0].intervals, MOST_INTERVALS).map(
      (interval) => `    ${formatInterval(plan, interval)}`,
    ),
  ]);
  return [`${status.padEnd(5)} ${what}  (${formatCount(answers)} answers)`, ...lines].join('\n');
}

/** `x from 88.72284 (42b17218) to 3.4028235e+38 (7f7fffff): 1,234 answers`. */
function formatInterval(plan: SweepPlan, { from, to, answers, parts }: Interval): string {
  const range =
    from === to ? `x = ${formatX(plan, from)}` : `x from ${formatX(plan, from)} to ${formatX(plan, to)}`;
  const inParts = parts === 1 ? '' : ` in ${formatCount(parts)} intervals`;
  return `${range}: ${formatCount(answers)}${inParts}`;
}

/** `[x, 0] output[1]`. */
function formatPlace({ xFirst, index }: Series): string {
  return `${xFirst ? '[x, 0]' : '[0, x]'} output[${index}]`;
}

function formatX(plan: SweepPlan, position: number): string {
  return formatValue(xAt(plan, position), grids[plan.formats.logits]);
}

function formatValue(value: number, format: Format): string {
  return `${formatFloat(value, format.round)} (${toHexIn(value, format)})`;
}
