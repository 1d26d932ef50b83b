/** A fault: what is wrong in one sentence, its smallest input, the bits, the steps, and what else it shows as. */
import type { Fault } from '../../campaign/explain/faults.ts';
import type { Finding } from '../../core/finding.ts';
import { gridOf } from '../../core/grid.ts';
import { type Answer, isAnswer } from '../../core/kept.ts';
import { answersBatch } from '../../core/operation.ts';
import type { RecordedFinding } from '../../record/run.ts';
import { shortened } from '../../text/inert.ts';
import { answerOf } from '../answer-format.ts';
import { formatAnswer, formatCallOf, formatWords } from '../call.ts';
import { describeDiagnosis } from '../causes.ts';
import { codeOf } from '../code.ts';
import { explained } from '../explanation.ts';
import { type LanguageName, languageNames } from '../language-name.ts';
import { minimizeLine, replayLine } from '../replay-line.ts';
import { formatBoundary, formatError, formatOff, formatOrigin } from '../text.ts';
import { formatExceeds, formatWeights } from '../weight.ts';
import { describeAlone, describeCause, describeFactor, describeKind } from '../why.ts';
import { bitsStrip } from './bits.ts';
import { html, type Markup } from './markup.ts';
import { stepsTable } from './steps.ts';

/** Longer inputs are cut; the whole is in the finding's file. */
const MOST_WORDS = 16;

/** Where a finding is on the page: the same as long as target, bucket and input are. */
export function anchorOf({ id }: RecordedFinding): string {
  return `finding-${id}`;
}

/** `known`, `error` or `warning`. */
export function statusOf({ known, severity }: Finding): string {
  return known ? 'known' : severity;
}

/** Of which findings bits and steps are shown: of all; of each fault's first; of none. */
export const details = ['whole', 'brief', 'least'] as const;

/** One of {@link details}. */
export type Detail = (typeof details)[number];

/** A fault as an article. */
export function faultArticle(fault: Fault<RecordedFinding>, detail: Detail): Markup {
  const { lead } = fault;
  const { finding } = lead;
  const anchor = anchorOf(lead);
  return html`
<article class="fault ${statusOf(finding)}" id="${anchor}" aria-labelledby="${anchor}-title">
<header><span class="status">${statusOf(finding)}</span>
<h3 id="${anchor}-title">${titleOf(finding)}</h3>
${anchorLink(lead)}</header>
${faultBody(fault, detail)}
</article>`;
}

/** A fault as its title, with the rest where it is opened. */
export function faultDetails(fault: Fault<RecordedFinding>, detail: Detail): Markup {
  const { lead } = fault;
  const { finding } = lead;
  return html`
<details class="fault ${statusOf(finding)}" id="${anchorOf(lead)}"><summary><span class="status">${statusOf(finding)}</span> ${titleOf(finding)} <span class="brief">${formatCallOf(finding, 4)}</span></summary>
<p>${anchorLink(lead)}</p>
${faultBody(fault, detail)}
</details>`;
}

function titleOf(finding: Finding): Markup {
  return html`<code>${finding.operation}</code>: ${describeKind(finding)}`;
}

function anchorLink(recorded: RecordedFinding): Markup {
  return html`<a class="anchor" href="#${anchorOf(recorded)}" aria-label="Link to finding ${recorded.id}">${recorded.id}</a>`;
}

function faultBody({ lead, others, cause }: Fault<RecordedFinding>, detail: Detail): Markup {
  return html`${cause && html`<p class="cause">It ${describeDiagnosis(cause)}.</p>`}
${findingBody(lead, detail !== 'least')}
${others.length > 0 && html`<section class="others"><h4>The same fault shows as</h4>${others.map((other) => otherDetails(other, detail))}</section>`}`;
}

function otherDetails(recorded: RecordedFinding, detail: Detail): Markup {
  const { finding } = recorded;
  return html`
<details id="${anchorOf(recorded)}"><summary><code>${finding.bucket}</code> <span class="brief">${formatCallOf(finding, 4)}</span></summary>
<p>${capital(describeKind(finding))}. ${anchorLink(recorded)}</p>
${findingBody(recorded, detail === 'whole')}
</details>`;
}

/** What a reader needs to believe a finding. */
function findingBody(recorded: RecordedFinding, isWhole: boolean): Markup {
  const { finding } = recorded;
  const { batch, index } = finding;
  const format = answerOf(finding);
  const words = formatWords(batch.logits, MOST_WORDS, gridOf(batch));
  const anything = explained({ ...finding, before: [] });
  const because = describeCause(finding);
  return html`
<p class="call"><code>${formatCallOf(finding)}</code></p>
<dl class="facts">
${fact('Words', html`<code>${words}</code>`)}
${fact('Upstream', batch.upstream && html`<code>${formatWords(batch.upstream, MOST_WORDS, gridOf(batch))}</code>`)}
${fact('Expected', html`<code>${formatAnswer(finding.expected, index, format)}</code>`)}
${fact('Got', finding.output === null ? 'no answer' : html`<code class="wrong">${formatAnswer(finding.output, index, format)}</code>`)}
${fact('Error', finding.output && index !== null && formatError(finding))}
${fact('Detail', finding.detail && shortened(finding.detail))}
${fact(because?.label ?? '', because?.words)}
${fact('Alone', describeAlone(finding))}
${fact('Factor', describeFactor(finding))}
${fact('Boundary', formatBoundary(finding))}
${fact('May vary', anything && html`<code>${anything.call}</code> ${anything.sentence}`)}
</dl>
${meter(finding)}
${isWhole && strip(finding)}
${isWhole && stepsTable(finding)}
<div class="replay"><code>${replayLine(recorded)}</code><button type="button" hidden>Copy</button></div>
${finding.shrink.cut && html`<div class="replay"><code>${minimizeLine(recorded)}</code><button type="button" hidden>Copy</button></div>`}
${isWhole && codeDetails(finding)}
<dl class="facts more">
${fact('Bucket', html`<code>${finding.bucket}</code>`)}
${fact('Weight', formatWeights(finding))}
${fact('Known', formatExceeds(finding))}
${fact('Worst met', Number.isFinite(finding.worst.weight) && formatOff(finding.worst))}
${fact('Found', formatOrigin(finding))}
</dl>`;
}

function fact(name: string, content: Parameters<typeof html>[1]): Markup | null {
  return content === null || content === false || content === '' || content === undefined
    ? null
    : html`<div><dt>${name}</dt><dd>${content}</dd></div>`;
}

/** The bits of the number where the error shows. */
function strip(finding: Finding): Markup | null {
  const { output, expected, index, operation } = finding;
  if (output === null) return null;
  const at = index ?? (answersBatch(operation) ? 0 : null);
  if (at === null) return null;
  return bitsStrip(valueAt(output, at), valueAt(expected, at), answerOf(finding));
}

function valueAt(answer: Answer, index: number): number {
  return isAnswer(answer) ? answer[index] : answer.value;
}

/** Calls of more logits are not shown as code: `replay --code` prints them. */
const MOST_IN_CODE = 64;

/** The calls in each language. */
function codeDetails({ before = [], operation, batch }: Finding): Markup | null {
  const calls = [...before, { operation, batch }];
  if (calls.reduce((sum, call) => sum + call.batch.logits.length, 0) > MOST_IN_CODE) return null;
  return html`
<details class="code"><summary>As code</summary>${languageNames.map((name) => html`<p>${languageTitles[name]}</p><pre tabindex="0" role="group" aria-label="${languageTitles[name]}"><code>${codeOf(name, calls)}</code></pre>`)}</details>`;
}

const languageTitles: Readonly<Record<LanguageName, string>> = {
  js: 'JavaScript',
  numpy: 'NumPy',
  torch: 'PyTorch',
  c: 'C',
};

/** The first letter in upper case. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** How often the budget: from one to what is more than a thousand million, on a logarithmic scale. */
function meter({ budgetUse, errorUlp }: Finding): Markup | null {
  if (!Number.isFinite(budgetUse) || Number.isNaN(errorUlp)) return null;
  const share = (use: number): number => (Math.min(Math.max(Math.log10(use), -1), 9) + 1) / 10;
  const budget = 100 * share(1);
  const width = Math.max(100 * share(budgetUse) - budget, 1);
  return html`
<svg class="meter" viewBox="0 0 100 3" preserveAspectRatio="none" role="img" aria-label="The error beside the budget, on a logarithmic scale" focusable="false"><rect class="allowed" x="0" y="0" width="${budget}" height="3" fill="#bbb"/><rect class="beyond" x="${budget}" y="0" width="${width}" height="3" fill="#c33"/></svg><p>The budget in gray, and the error beyond it, by powers of ten.</p>`;
}
