/**
 * The same call gives the same bits: at once, and after a call with other logits. An order of additions that is
 * left to chance breaks it within every budget; a target with such an order declares `repeatable: false`.
 */
import { toHex } from '../float32/bits.ts';
import { observe } from '../targets/observe.ts';
import { type Breach, breach, firstDifference, type Question } from './law.ts';
import { otherBatch } from './other-batch.ts';

/** See {@link Law}. */
export async function repeatable(question: Question): Promise<Breach | null> {
  const { target, operation, oracle, answer } = question;
  const again = async (when: string): Promise<Breach | null> => {
    const observed = await observe(target, operation, oracle.batch);
    const broken = (index: number | null, detail: string, output: Float32Array | null) =>
      breach(question, output, { law: 'repeatable', kind: 'nondeterministic', index, detail });
    if (observed.status !== 'answered')
      return broken(null, `the same call ${when}: ${observed.detail}`, null);
    const k = firstDifference(observed.output, answer);
    if (k === null) return null;
    const output = observed.output.slice();
    return broken(k, `output[${k}] was ${toHex(answer[k])}, and ${toHex(output[k])} ${when}`, output);
  };
  const first = await again('at the next call');
  if (first !== null) return first;
  await observe(target, operation, otherBatch(oracle.batch));
  return again('after a call with other logits');
}
