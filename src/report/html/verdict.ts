/** The verdict on a target in one sentence. */

import type { RecordedTarget } from '../../record/run.ts';
import { shortened } from '../../text/inert.ts';
import { describeChanges } from '../accuracy-changes.ts';
import { recordedFaults } from '../causes.ts';
import { formatNumberOf } from '../numbers.ts';
import { describeRepeats } from '../repeats.ts';
import { describeKind } from '../why.ts';
import { html, type Markup } from './markup.ts';

const marks: Readonly<Record<RecordedTarget['verdict'], string>> = {
  held: '✓',
  known: '✓',
  warnings: '!',
  falsified: '✗',
  regressed: '✗',
};

/** The sentence, with a mark that says the same. */
export function verdictSentence(result: RecordedTarget): Markup {
  const name = html`<strong>${shortened(result.target.name, 80)}</strong>`;
  return html`<p class="verdict ${result.verdict}"><span class="mark" aria-hidden="true">${marks[result.verdict]}</span> <span>${name} ${ending(result)}.</span></p>
${describeRepeats(result).map((line) => html`<p>It gave ${line}.</p>`)}
${describeChanges(result.changes ?? []).map((line) => html`<p>${line}.</p>`)}`;
}

function ending(result: RecordedTarget): string {
  const { verdict, operations, cases, elements, findings } = result;
  const amount = `${formatNumberOf(cases, 'batch', 'batches')} with ${formatNumberOf(elements, 'logit', 'logits')}`;
  if (cases === 0 && verdict === 'held') return 'was not judged: there was no batch';
  if (verdict === 'held')
    return `held: every property of ${formatNumberOf(operations.length, 'operation', 'operations')}, on ${amount}`;
  if (verdict === 'regressed')
    return `is less accurate than the baseline, and has no new error, on ${amount}`;
  const faults = recordedFaults(findings);
  if (verdict === 'known')
    return `shows nothing new: ${formatNumberOf(faults.length, 'known fault', 'known faults')}, on ${amount}`;
  const wanted = verdict === 'falsified' ? 'error' : 'warning';
  const fresh = faults.filter(({ lead: { finding } }) => !finding.known && finding.severity === wanted);
  const [first] = fresh;
  const example =
    first === undefined ? '' : ` (${first.lead.finding.operation}: ${describeKind(first.lead.finding)})`;
  if (verdict === 'warnings')
    return `has ${formatNumberOf(fresh.length, 'new warning', 'new warnings')} and no new error${example}, on ${amount}`;
  return `is falsified by ${formatNumberOf(fresh.length, 'fault', 'faults')}${example}, on ${amount}`;
}
