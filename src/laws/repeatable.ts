/**
 * The same call gives the same bits: at once, and after a call with other logits. An order of additions that is
 * left to chance breaks it within every budget; a target with such an order declares `repeatable: false`.
 */
import type { Kind } from '../core/violation.ts';
import { toHex } from '../float32/bits.ts';
import { observe } from '../targets/observe.ts';
import { type Breach, breach, firstDifference, kindOfFailure, type Question } from './law.ts';
import { otherBatch } from './other-batch.ts';

/** See {@link Law}. */
export async function repeatable(question: Question): Promise<Breach | null> {
  const { target, operation, oracle, answer } = question;
  const again = async (when: string): Promise<Breach | null> => {
    const observed = await observe(target, operation, oracle.batch);
    const broken = (index: number | null, detail: string, output: Float32Array | null, kind: Kind) =>
      breach(question, output, { law: 'repeatable', kind, index, detail });
    if (observed.status !== 'answered') {
      const kind = kindOfFailure(observed, 'nondeterministic');
      return broken(null, `the same call ${when}: ${observed.detail}`, null, kind);
    }
    const k = firstDifference(observed.output, answer);
    if (k === null) return null;
    const output = observed.output.slice();
    const detail = `output[${k}] was ${toHex(answer[k])}, and ${toHex(output[k])} ${when}`;
    return broken(k, detail, output, 'nondeterministic');
  };
  const first = await again('at the next call');
  if (first !== null) return first;
  await observe(target, operation, otherBatch(oracle.batch));
  return again('after a call with other logits');
}
