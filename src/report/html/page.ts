/**
 * A run as one HTML page, for people: the verdicts in a sentence each, the faults, how accurate the rest is, and where its errors are. A pure function of the
 * run. It needs nothing but itself, and no script.
 */
import { describeFormats } from '../../formats/describe.ts';
import type { RecordedRun, RecordedTarget } from '../../record/run.ts';
import { packageVersion } from '../../record/state-file.ts';
import { shortened } from '../../text/inert.ts';
import { formatCallOf } from '../call.ts';
import { recordedFaults } from '../causes.ts';
import { formatDuration } from '../numbers.ts';
import { formatPart, formatUnshrunk } from '../text.ts';
import { describeKind } from '../why.ts';
import { accuracyTable } from './accuracy.ts';
import { comparisonFigure } from './comparison-plot.ts';
import { documentOf, timeOf } from './document.ts';
import { anchorOf, capital, type Detail, details, faultArticle, faultDetails, statusOf } from './fault.ts';
import { html, type Markup } from './markup.ts';
import { plotsSection } from './plots.ts';
import { verdictSentence } from './verdict.ts';

/** Of more known faults only the titles are shown, until they are opened. */
const FEW = 2;

/** A page of more characters than this is made again with less detail. */
const MOST_CHARACTERS = 900_000;

/** The page of a run that was written at `date`, with as much detail as there is room for. */
export function toHtml(run: RecordedRun, date: Date): string {
  for (const detail of details) {
    const page = pageOf(run, date, detail);
    if (page.length <= MOST_CHARACTERS) return page;
  }
  return pageOf(run, date, 'least');
}

function pageOf(run: RecordedRun, date: Date, detail: Detail): string {
  const { targets } = run;
  const unshrunk = formatUnshrunk(run);
  const names = targets.map(({ target }) => shortened(target.name, 40)).join(', ');
  const isOne = targets.length === 1;
  const comparison = comparisonFigure(targets, 'comparison');
  return documentOf({
    title: names,
    skip: 'Skip to the faults',
    header: html`<h1>softmax-fuzz report</h1>
${targets.map(verdictSentence)}
<p class="meta">${capital(formatPart(run))} · ${timeOf(date)} · ${formatDuration(run.elapsedMs)}${run.interrupted && ' · interrupted: what follows is what was found until then'}</p>
${unshrunk !== null && html`<p class="meta">${capital(unshrunk)}.</p>`}`,
    main: html`${targets.map((result, t) => targetSection(result, t, isOne, detail))}
${comparison !== null && html`<section aria-labelledby="comparison-title"><h2 id="comparison-title">Side by side</h2>${comparison}</section>`}`,
    footer: html`<p>softmax-fuzz ${packageVersion}. The same as data: <a href="run.json">run.json</a>; in short: <a href="summary.md">summary.md</a>.</p>`,
  });
}

function targetSection(result: RecordedTarget, t: number, isOne: boolean, detail: Detail): Markup {
  const { target, findings, accuracies, notFound } = result;
  const faults = recordedFaults(findings);
  const fresh = faults.filter(({ lead }) => !lead.finding.known);
  const known = faults.filter(({ lead }) => lead.finding.known);
  const formats = describeFormats(target.formats);
  return html`
<section aria-labelledby="target-${t}">
<h2 id="target-${t}">${shortened(target.name)} <small>profile ${target.profile}${formats && `, ${formats}`}</small></h2>
${(target.notes?.length ?? 0) > 0 && html`<ul class="notes">${target.notes?.map((note) => html`<li>${shortened(note)}.</li>`)}</ul>`}
${fresh.length > 1 && html`<ol class="contents" aria-label="New faults of ${shortened(target.name, 80)}">${fresh.map(({ lead }) => html`<li><a href="#${anchorOf(lead)}"><code>${formatCallOf(lead.finding, 4)}</code></a> <span>${statusOf(lead.finding)}: ${describeKind(lead.finding)}</span></li>`)}</ol>`}
${fresh.length > 0 && html`<h3 class="heading">${fresh.length === 1 ? 'Fault' : 'Faults'}</h3>`}
${fresh.map((fault) => faultArticle(fault, detail))}
${known.length > 0 && html`<h3 class="heading">${known.length === 1 ? 'Known fault' : 'Known faults'}</h3>`}
${known.map((fault) => (known.length <= FEW ? faultArticle : faultDetails)(fault, detail))}
${faults.length === 0 && isOne && html`<p>Nothing was found that is wrong.</p>`}
${notFound.length > 0 && html`<p class="meta">Known, but not found in this run: ${notFound.map((bucket, k) => html`${k > 0 && ', '}<code>${shortened(bucket)}</code>`)}.</p>`}
${accuracyTable(accuracies)}
${plotsSection(result, `plots-${t}`)}
</section>`;
}
