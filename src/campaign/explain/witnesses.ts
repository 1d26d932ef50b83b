/** What a target answers to inputs on which known mistakes show, each asked once and few of them. */
import type { BatchOptions } from '../../arbitraries/generate.ts';
import type { Batch } from '../../core/batch.ts';
import type { Finding } from '../../core/finding.ts';
import { inFormat } from '../../core/grid.ts';
import type { Options } from '../../core/options.ts';
import { supportedCauses } from '../../hypotheses/evidence.ts';
import { factorOf } from '../../options/index.ts';
import { noneDrawn, takenBy } from '../../options/taken.ts';
import { fingerprint } from '../../shrink/fingerprint.ts';
import { observe } from '../../targets/observe.ts';
import { batchFor, fits } from '../explore/cases.ts';
import { logitsOf, type Subject, takes } from '../subject.ts';

/** No more calls are made of a target. */
const MOST_CALLS = 2000;

/** Adds to a finding which known mistakes its target's further answers support. */
export type Diagnose = (finding: Finding, signal: AbortSignal | undefined) => Promise<Finding>;

/** For the findings of one target. */
export function createDiagnose({ target }: Subject, generation: BatchOptions): Diagnose {
  const answers = new Map<string, Float32Array | null>();
  let isBroken = false;
  return async (finding, signal) => {
    if (finding.shrink.cut) return finding;
    let isAsked = true;
    const causes = await supportedCauses(finding, {
      given(operation, batch) {
        const its = inFormat(unscaled(batch, takenBy(target, operation).fixed), logitsOf(target));
        if (!fits(its, generation) || !takes(target, its)) return null; // Fixed options may be of no other size.
        return batchFor({ batch: its, drawn: noneDrawn }, target, operation);
      },
      async answer(operation, batch) {
        const name = `${operation} ${fingerprint(batch)}`;
        const known = answers.get(name);
        if (known !== undefined) return known;
        isAsked &&= answers.size < MOST_CALLS && !isBroken && signal?.aborted !== true;
        if (!isAsked) return null;
        const observed = await observe(target, operation, batch);
        if (observed.status !== 'answered' && observed.status !== 'threw') isBroken = true; // Another call takes long.
        const answer = observed.status === 'answered' ? observed.output.slice() : null;
        answers.set(name, answer);
        return answer;
      },
    });
    return causes === undefined || !isAsked ? finding : { ...finding, causes };
  };
}

/** A batch of which a fixed scale or temperature makes these logits, nearly: mistakes show at scores. */
function unscaled(batch: Batch, fixed: Options): Batch {
  const factor = factorOf(fixed);
  if (factor === 0 || factor === 1 || batch.options !== undefined) return batch;
  return { ...batch, logits: batch.logits.map((x) => x / factor) };
}
