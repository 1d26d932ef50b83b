/**
 * A run as one HTML page, for people: the verdicts in a sentence each, the faults, how accurate the rest is, and where its errors are. A pure function of the
 * run. It needs nothing but itself, and no script.
 */

import { shortened } from '../../core/inert.ts';
import { describeFormats } from '../../formats/describe.ts';
import type { RecordedRun, RecordedTarget } from '../../record/run.ts';
import { packageVersion } from '../../record/state-file.ts';
import { formatCall } from '../call.ts';
import { recordedFaults } from '../causes.ts';
import { formatDuration } from '../numbers.ts';
import { formatPart, formatUnshrunk } from '../text.ts';
import { describeKind } from '../why.ts';
import { accuracyTable } from './accuracy.ts';
import { comparisonFigure } from './comparison-plot.ts';
import { anchorOf, capital, type Detail, details, faultArticle, faultDetails, statusOf } from './fault.ts';
import { html, type Markup, raw } from './markup.ts';
import { plotsSection } from './plots.ts';
import { script } from './script.ts';
import { style } from './style.ts';
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
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${names}: softmax-fuzz</title>
<style>${raw(style)}</style>
</head>
<body>
<header>
<a class="skip" href="#main">Skip to the faults</a>
<h1>softmax-fuzz report</h1>
${targets.map(verdictSentence)}
<p class="meta">${capital(formatPart(run))} · <time datetime="${date.toISOString()}">${formatDate(date)}</time> · ${formatDuration(run.elapsedMs)}${run.interrupted && ' · interrupted: what follows is what was found until then'}</p>
${unshrunk !== null && html`<p class="meta">${capital(unshrunk)}.</p>`}
</header>
<main id="main">
${targets.map((result, t) => targetSection(result, t, isOne, detail))}
${comparison !== null && html`<section aria-labelledby="comparison-title"><h2 id="comparison-title">Side by side</h2>${comparison}</section>`}
</main>
<footer><p>softmax-fuzz ${packageVersion}. The same as data: <a href="run.json">run.json</a>; in short: <a href="summary.md">summary.md</a>.</p></footer>
<script>${raw(script)}</script>
</body>
</html>
`;
  return page.markup;
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
${(target.notes?.length ?? 0) > 0 && html`<ul class="notes">${target.notes?.map((note) => html`<li>${capital(shortened(note))}.</li>`)}</ul>`}
${fresh.length > 1 && html`<ol class="contents" aria-label="New faults of ${shortened(target.name, 80)}">${fresh.map(({ lead }) => html`<li><a href="#${anchorOf(lead)}"><code>${formatCall(lead.finding.operation, lead.finding.batch, 4)}</code></a> <span>${statusOf(lead.finding)}: ${describeKind(lead.finding)}</span></li>`)}</ol>`}
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

/** `28 November 2026, 15:04 UTC`. */
function formatDate(date: Date): string {
  const day = date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}
