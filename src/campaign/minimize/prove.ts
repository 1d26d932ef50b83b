/** What is left of a failure where its descent has ended: decimal.js judges it, and a fresh process is asked for it, after other calls too where it passes. */
import type { Batch } from '../../core/batch.ts';
import type { Boundary, Finding } from '../../core/finding.ts';
import { bucketOf } from '../../core/violation.ts';
import { judge } from '../../judge/judge.ts';
import { createOracle, type Oracle } from '../../oracle/exact.ts';
import { boundary } from '../../shrink/boundary.ts';
import { findAfterCalls } from './after-calls.ts';
import { endsThere } from './boundary-edge.ts';
import type { Descent } from './descent.ts';
import type { Discovered } from './discovered.ts';
import { failsIn, type Inquiry, type MinimizeOptions } from './inquiry.ts';
import { createProofs, type Shown, spentSince } from './proofs.ts';
import { leastWeight } from './starts.ts';
import { type Confirmation, confirm, confirmAfter, confirmOnce } from './unsteady.ts';
import { createVerdicts } from './verdicts.ts';
import { after } from './ways.ts';
import { shownOf } from './what-lasts.ts';

/**
 * What becomes of a failure: `lasts`, a replay will show it; `unsteady`, it does not show, or not always; `needs calls`, it shows after calls that
 * were not known before, and this is the finding; `unasked`, there was no time to ask.
 */
export type Outcome =
  | { readonly is: 'lasts'; readonly shown: Shown }
  | { readonly is: 'unsteady'; readonly batch: Batch; readonly detail: string }
  | { readonly is: 'needs calls'; readonly finding: Finding }
  | { readonly is: 'unasked' };

/** Minimizes another discovery of the same target, with some other options. */
export type Again = (discovered: Discovered, changed: Partial<MinimizeOptions>) => Promise<Finding>;

/** What becomes of the failure that a descent has ended at. What another discovery has ended at, too, is not asked again. */
export async function prove(inquiry: Inquiry, descent: Descent, again: Again): Promise<Outcome> {
  const { discovered, proofs, pause, spent, isOver } = inquiry;
  const { batch } = descent;
  const { law } = discovered.signature;
  // What may be anything depends on how heavy it has to stay.
  const matter = `${bucketOf(descent.signature)} >= ${leastWeight(discovered.weight)}`;
  const proven = isOver() ? null : proofs.of(batch, matter, law, spent());
  if (proven !== null) return { is: 'lasts', shown: proven };

  const spentBefore = spent();
  const edge = await edgeOf(inquiry, descent);
  await pause(true); // Starting a fresh process takes as long as many evaluations.
  const oracle = createOracle(batch);
  const isHurried = inquiry.isHurried();
  const confirmed = await confirmationOf(inquiry, descent, oracle, isHurried);
  if (confirmed === null) return { is: 'unasked' };
  const found = await afterOtherCalls(inquiry, descent, confirmed, again);
  if (typeof found !== 'string') return { is: 'needs calls', finding: found };
  if (!confirmed.lasts)
    return { is: 'unsteady', batch: confirmed.batch, detail: `${confirmed.detail}${found}` };
  const shown = await shownOf(inquiry, descent, { ...confirmed, oracle, edge, after: found, isHurried });
  if (!isHurried && !isOver())
    proofs.keep(batch, matter, law, { shown, spent: spentSince(spentBefore, spent()) });
  return { is: 'lasts', shown };
}

/** The edge of the fault beside the batch; null where there is none, or no time to look for it. What shows late, or by chance, has none: it may show for one batch, and not yet for the next. */
async function edgeOf(inquiry: Inquiry, { batch, signature, way }: Descent): Promise<Boundary | null> {
  const { violations, isOver } = inquiry;
  if (isOver() || signature.law === 'fresh-answer' || signature.law === 'repeatable') return null;
  const found = await boundary(batch, failsIn(bucketOf(signature), inquiry, { way }));
  if (found === null) return null;
  const isEdge = await endsThere(signature, found, batch, (other) => violations(other, { way }));
  return isEdge && !isOver() ? found : null;
}

/** Whether decimal.js and a fresh process find the failure too; null where there is no time to wait for that. */
async function confirmationOf(
  { target, discovered, look, isHalted, unlessHalted }: Inquiry,
  { batch, signature, way }: Descent,
  oracle: Oracle,
  isHurried: boolean,
): Promise<Confirmation | null> {
  if (isHalted()) return null;
  const lookAnew = look(way.asked === 'alone' ? way : after(way.calls));
  const failure = {
    target,
    signature,
    batch,
    bucket: bucketOf(signature),
    original: discovered.batch,
    ask: async (of: Batch) => lookAnew(of === batch ? oracle : createOracle(of), judge),
  };
  if (way.asked === 'after') return unlessHalted(confirmAfter(failure));
  return unlessHalted(isHurried ? confirmOnce(failure) : confirm(failure));
}

/** What is said where there was no time to look for calls that a failure needs. */
const untimely = ', and was not asked for after other calls, for want of time';

/** The finding with the calls that it needs, where a fresh process does not show it; or what is said of them. */
async function afterOtherCalls(
  inquiry: Inquiry,
  { signature, batch }: Descent,
  { gone, lasts }: Confirmation,
  again: Again,
): Promise<Finding | string> {
  const { discovered, sequences, isOver } = inquiry;
  if (gone === undefined || sequences === null) return '';
  if (isOver()) return lasts ? '' : untimely;
  const failing = [{ signature, batch }, ...(batch === discovered.batch ? [] : [discovered])];
  return findAfterCalls(inquiry, { failing, gone }, sequences, (started) =>
    again(started, { sequences, proofs: createProofs(), verdicts: createVerdicts() }),
  );
}
