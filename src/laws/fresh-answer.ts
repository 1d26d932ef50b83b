/**
 * An answer is the caller's own: a later call does not write over it. Memory may be used again only where the answer
 * is a copy. What counts is that bits change: slices of one large buffer that never overlap are fine.
 */
import { toHex } from '../float32/bits.ts';
import { observe } from '../targets/observe.ts';
import { type Breach, breach, firstDifference, type Question } from './law.ts';
import { otherBatch } from './other-batch.ts';

/** See {@link Law}. */
export async function freshAnswer(question: Question): Promise<Breach | null> {
  const { target, operation, oracle, live, answer } = question;
  await observe(target, operation, otherBatch(oracle.batch));
  const broken = (output: Float32Array | null, index: number, now: string) =>
    breach(question, output, {
      law: 'fresh-answer',
      kind: 'invariance',
      index,
      detail: `output[${index}] was ${toHex(answer[index])}, and ${now} after another call: its memory is shared`,
    });
  if (live.length !== answer.length) return broken(null, 0, 'is gone');
  const k = firstDifference(live, answer);
  return k === null ? null : broken(live.slice(), k, `is ${toHex(live[k])}`);
}
