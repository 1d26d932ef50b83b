/** The steps of a built-in kernel on the way to a wrong answer, with the two that matter said in words. */

import type { Finding } from '../../core/finding.ts';
import { isAnswer, isWhole } from '../../core/kept.ts';
import { formatFloat } from '../../float32/format.ts';
import { traceLines } from '../../trace/format.ts';
import { type Loss, lossOf } from '../../trace/loss.ts';
import { traceTarget } from '../../trace/trace-target.ts';
import { formatSize } from '../numbers.ts';
import { html, type Markup } from './markup.ts';

/** Longer traces are told by `replay` alone. */
const LONGEST_TRACE = 2000;

/** So many steps are told of one. */
const MOST_STEPS = 16;

/** The table of the steps, or null for targets that have no trace. */
export function stepsTable(finding: Finding): Markup | null {
  const { target, operation, batch, expected, index } = finding;
  if (!isWhole(batch) || !isAnswer(expected)) return null;
  const trace = traceTarget(target.specifier, operation, batch);
  if (trace === null || trace.steps.length === 0 || trace.steps.length > LONGEST_TRACE) return null;
  const loss = lossOf(trace, batch, expected, index ?? 0);
  const lines = traceLines(trace, MOST_STEPS, loss === null ? [] : [loss.step]);
  const rows = lines.map(({ index: step, expression, result, word, skipped }) => {
    const isFirst = step === trace.firstNonFinite;
    const isMost = step === loss?.step;
    const note = [isFirst && 'first that is not finite', isMost && loss && describeLoss(loss)]
      .filter((words) => words !== false)
      .join('; ');
    return html`${
      skipped > 0 &&
      html`
<tr class="skipped"><td colspan="5">${skipped} ${skipped === 1 ? 'step' : 'steps'} left out</td></tr>`
    }
<tr${isFirst || isMost ? html` class="wrong"` : ''}><th scope="row">${step + 1}</th><td>${expression}</td><td>${result}</td><td class="word">${word}</td><td class="note">${note}</td></tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Steps"><table class="steps">
<caption>Every FP32 step${trace.firstNonFinite === null && loss === null ? ', each as exact as FP32 allows' : ''}</caption>
<thead><tr><th scope="col">step</th><th scope="col">operation</th><th scope="col">result</th><th scope="col">word</th><th scope="col">what went wrong</th></tr></thead>
<tbody>${rows}
</tbody></table></div>`;
}

function describeLoss({ exact, ulps }: Loss): string {
  return `loses most, ${formatSize(ulps)} ULP: without rounding it would be ${formatFloat(Math.fround(exact))}`;
}
