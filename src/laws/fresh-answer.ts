/**
 * An answer is the caller's own: a later call does not write over it. Memory may be used again only where the answer
 * is a copy. What counts is that bits change: slices of one large buffer that never overlap are fine.
 */
import { FURTHER_CALLS } from '../core/law.ts';
import { toHex } from '../float32/bits.ts';
import { observe } from '../targets/observe.ts';
import { type Breach, breach, firstDifference, type Question } from './law.ts';
import { otherBatch } from './other-batch.ts';

/** See {@link Law}. */
export async function freshAnswer(question: Question): Promise<Breach | null> {
  const { answer } = question;
  const live = await liveAfterOthers(question);
  const broken = (output: Float32Array | null, index: number, now: string) =>
    breach(question, output, {
      law: 'fresh-answer',
      kind: 'invariance',
      index,
      detail: `output[${index}] was ${toHex(answer[index])}, and ${now} after other calls: its memory is shared`,
    });
  if (live.length !== answer.length) return broken(null, 0, 'is gone');
  const k = firstDifference(live, answer);
  return k === null ? null : broken(live.slice(), k, `is ${toHex(live[k])}`);
}

/** What the answer's memory holds after other calls; the answer itself where they fail, as another law will say. */
async function liveAfterOthers({ target, operation, oracle, live, answer }: Question): Promise<Float32Array> {
  const { batch } = oracle;
  const other = otherBatch(batch);
  if (target.answerAfter !== undefined)
    return target.answerAfter(operation, batch, other).catch(() => answer);
  for (let call = 0; call < FURTHER_CALLS; call++) await observe(target, operation, other);
  return live();
}
