/**
 * The way from what was met to the simplest batch of its bucket. It is shrunk alone, what is refused for its size by the size first, or with the calls that it needs;
 * then the trigger is taken away if it is there by chance, and what is left is shrunk further.
 */
import type { Batch } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import type { SizeBoundary } from '../../core/finding.ts';
import { bucketOf, type Signature } from '../../core/violation.ts';
import { type Shrunk, shrink } from '../../shrink/descend.ts';
import { shrinkSequence } from '../../shrink/sequence.ts';
import { stillFailing, variantsWithoutTrigger } from './cause-check.ts';
import { failsHeavilyIn, type Inquiry } from './inquiry.ts';
import { isRefusal, shrinkRefusal } from './refusal.ts';
import { after, alone, type Way } from './ways.ts';

/** Where a descent has ended. */
export interface Descent extends Shrunk {
  /** What the batch violates: of another bucket than what was met where that had its trigger by chance. */
  readonly signature: Signature;
  /** How the batch fails. */
  readonly way: Way;
  /** From which size on it is refused; null where that is not known. */
  readonly size: SizeBoundary | null;
}

/** How many batches were tried, and how many of them were simpler and failed. */
export type Tries = Pick<Shrunk, 'evaluations' | 'improvements'>;

const noTries: Tries = { evaluations: 0, improvements: 0 };

/** With the tries of both. */
export function withTries<T extends Tries>(shrunk: T, { evaluations, improvements }: Tries = noTries): T {
  return {
    ...shrunk,
    evaluations: shrunk.evaluations + evaluations,
    improvements: shrunk.improvements + improvements,
  };
}

/** The simplest batch that what was met shrinks to in the time that there is. */
export async function descend(inquiry: Inquiry): Promise<Descent> {
  const { discovered, learned } = inquiry;
  const { before } = discovered;
  if (before !== undefined) return withPlainerTrigger(inquiry, await descendAfter(inquiry, before));
  const descent = await withPlainerTrigger(inquiry, await descendAlone(inquiry));
  learned.add(descent.batch);
  return descent;
}

async function descendAlone(inquiry: Inquiry): Promise<Descent> {
  const { discovered, takes, step, violations, shrinking, isOver, isTriggerKept, learned } = inquiry;
  const { signature, batch } = discovered;
  const bucket = bucketOf(signature);
  const mayBeForSize = signature.law === undefined && isRefusal(signature.kind);
  const refused = mayBeForSize ? await shrinkRefusal(batch, bucket, violations, { takes, step }) : null;
  const { shrunk: smaller, size = null } = refused ?? {};
  const shrunk =
    smaller !== undefined && size !== null && !isOver()
      ? smaller
      : withTries(await shrink(smaller?.batch ?? batch, failsHeavilyIn(bucket, inquiry), shrinking), smaller);
  const end = { ...shrunk, signature, way: alone, size };
  if (!isOver()) return end;
  const failsStill = failsHeavilyIn(bucket, inquiry, { isEnough: isTriggerKept });
  const other = await learned.simplest(shrunk.batch, signature.operation, failsStill, isTriggerKept);
  return other === null ? end : withTries({ ...end, batch: other }, { evaluations: 1, improvements: 1 });
}

async function descendAfter(inquiry: Inquiry, before: readonly Call[]): Promise<Descent> {
  const { discovered, takesCall, shrinking, isReloaded } = inquiry;
  const { signature, batch } = discovered;
  const bucket = bucketOf(signature);
  const fails =
    (isQuick: boolean) =>
    async (calls: readonly Call[], last: Batch): Promise<boolean> =>
      calls.every(takesCall) && failsHeavilyIn(bucket, inquiry, { way: after(calls, isQuick) })(last);
  // Another load of a module is as good as another process, if the failure is there after the calls, and gone without them.
  const isQuick = isReloaded && (await fails(true)(before, batch)) && !(await fails(true)([], batch));
  const { before: calls, ...shrunk } = await shrinkSequence(
    signature.operation,
    { before, batch },
    fails(isQuick),
    shrinking,
  );
  return { ...shrunk, signature, way: after(calls, isQuick), size: null };
}

/** Where the descent ends without its trigger; as it is where the failure needs that, or there is no time to ask. */
async function withPlainerTrigger(inquiry: Inquiry, descent: Descent): Promise<Descent> {
  const { discovered, violations, shrinking, isHeavy, isTriggerKept, isOver } = inquiry;
  const { way } = descent;
  if (isTriggerKept()) return descent;
  const starts = isOver() ? [discovered.batch, descent.batch] : [descent.batch];
  const heavyViolations = async (batch: Batch) =>
    (await violations(batch, { way, isEnough: isTriggerKept })).filter(isHeavy);
  const plainer = await stillFailing(discovered.signature, variantsOf(starts), heavyViolations);
  if (plainer === null) return descent;
  const { batch, violation } = plainer;
  const further = await shrink(batch, failsHeavilyIn(bucketOf(violation), inquiry, { way }), shrinking);
  return { ...descent, ...withTries(further, descent), signature: violation };
}

/** Those of each batch that there is: a batch that time has cut on the way may need a trigger that neither its origin nor its end needs. */
function* variantsOf(batches: readonly Batch[]): Generator<Batch> {
  for (const batch of new Set(batches)) yield* variantsWithoutTrigger(batch);
}
