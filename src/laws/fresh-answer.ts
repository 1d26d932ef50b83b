/**
 * What a call has given and was given is the caller's own, once it is answered: no later call writes over it, and neither does a timer, a promise or a
 * thread. Memory may be used again only where the answer is a copy. What counts is that bits change: slices of one large buffer that never overlap are fine.
 * Arrays of calls before are looked at as well, as a kernel may take many buffers in turn.
 */
import { FURTHER_CALLS } from '../core/law.ts';
import type { AfterOthers } from '../core/target.ts';
import { toHex } from '../float32/bits.ts';
import { observe } from '../targets/observe.ts';
import { changedSince, rest } from '../targets/rest.ts';
import { type Breach, breach, firstDifference, type Question } from './law.ts';
import { otherBatch } from './other-batch.ts';

/** How long what a kernel has put off is waited for, in ms: in a process of its own, and where a failure is shrunk. */
const REST_MS = 2;

/** The same where it is asked for again, and has not shown by then. */
const LONG_REST_MS = 60;

/** See {@link Law}. */
export async function freshAnswer(question: Question): Promise<Breach | null> {
  const { target, patience } = question;
  const isHere = target.answerAfter === undefined;
  const isShort = isHere && patience === 'little';
  const found = brokenBy(question, await afterOthers(question, isShort ? 0 : REST_MS));
  const isTrusted = isHere && target.aftermath === undefined;
  if (found !== null || patience !== 'much' || isTrusted) return found;
  return brokenBy(question, await afterOthers(question, LONG_REST_MS));
}

function brokenBy(question: Question, { answer: live, changed }: AfterOthers): Breach | null {
  const { answer } = question;
  const law = 'fresh-answer';
  const broken = (output: Float32Array | null, index: number, now: string) =>
    breach(question, output, {
      law,
      kind: 'invariance',
      index,
      detail: `output[${index}] was ${toHex(answer[index])}, and ${now} after other calls: its memory is shared`,
    });
  if (live.length !== answer.length) return broken(null, 0, 'is gone');
  const k = firstDifference(live, answer);
  if (k !== null) return broken(live.slice(), k, `is ${toHex(live[k])}`);
  if (changed === null) return null;
  const kind = changed.isAnswer ? 'invariance' : 'mutated-input';
  const { violation } = breach(question, null, { law, kind, index: null, detail: changed.detail });
  return { output: null, violation: changed.isOfEarlier ? { ...violation, isOfEarlier: true } : violation };
}

/** What has become of the answer after other calls; the answer itself where they fail, as another law will say. */
async function afterOthers(
  { target, operation, oracle, live, answer, isAlone }: Question,
  restMs: number,
): Promise<AfterOthers> {
  const { batch } = oracle;
  const other = otherBatch(batch);
  if (target.answerAfter !== undefined)
    return target
      .answerAfter(operation, batch, other, restMs, isAlone)
      .catch(() => ({ answer, changed: null }));
  for (let call = 0; call < FURTHER_CALLS; call++) await observe(target, operation, other);
  if (target.aftermath !== undefined) await rest(restMs);
  return { answer: live(), changed: changedSince(target, operation, isAlone) };
}
