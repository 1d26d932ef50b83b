/**
 * The same call gives the same bits: at once, and after a call with other logits; and what differs in one logit is not answered with them. An order of additions that is
 * left to chance breaks it within every budget; a target with such an order declares `repeatable: false`.
 */
import type { Kind } from '../core/violation.ts';
import { toHex } from '../float32/bits.ts';
import { formatFloat } from '../float32/format.ts';
import { createOracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile-formats.ts';
import { observe } from '../targets/observe.ts';
import { type Breach, breach, firstDifference, kindOfFailure, type Question } from './law.ts';
import { neighborOf, otherBatch } from './other-batch.ts';

/** So often a call is made again where a failure is asked for again: what happens to one call in a thousand is met. */
const MOST_CALLS = 4096;

/** And no longer than this, in ms. */
const LONGEST_MS = 1000;

/** See {@link Law}. */
export async function repeatable(question: Question): Promise<Breach | null> {
  const { target, operation, oracle, patience } = question;
  const first = await repeatedOnce(question);
  if (first !== null) return first;
  await observe(target, operation, otherBatch(oracle.batch));
  const second = await repeatedOnce(question, 'after a call with other logits');
  if (second !== null) return second;
  if (patience !== 'much') return staleAnswer(question);
  const end = performance.now() + LONGEST_MS;
  for (let call = 3; call <= MOST_CALLS && performance.now() < end; call++) {
    const broken = await repeatedOnce(question, `${call} calls later`);
    if (broken !== null) return broken;
  }
  return staleAnswer(question);
}

/**
 * Whether a kernel takes a batch that differs in one logit for this one, as one does that keeps its last answer by a part of its input: behind a call with other logits it has
 * another answer to it. One that has the same there is wrong by itself.
 */
async function staleAnswer(question: Question): Promise<Breach | null> {
  const { target, operation, oracle, answer, verdict } = question;
  const neighbor = neighborOf(oracle.batch);
  if (neighbor === null) return null;
  const { batch, cell } = neighbor;
  const observed = await observe(target, operation, batch);
  if (observed.status !== 'answered' || firstDifference(observed.output, answer) !== null) return null;
  const output = observed.output.slice();
  if (verdict(createOracle(batch), operation, output, profileOf(target)).length === 0) return null;
  await observe(target, operation, otherBatch(oracle.batch));
  const anew = await observe(target, operation, batch);
  if (anew.status !== 'answered' || firstDifference(anew.output, output) === null) return null;
  const detail = `with ${formatFloat(batch.logits[cell])} for logits[${cell}] the next call has the same answer`;
  return breach(question, output, { law: 'repeatable', kind: 'invariance', index: null, detail });
}

/** What is wrong with the same call made once more. */
export async function repeatedOnce(question: Question, when = 'at the next call'): Promise<Breach | null> {
  const { target, operation, oracle, answer, onRepeated } = question;
  const observed = await observe(target, operation, oracle.batch);
  const broken = (index: number | null, detail: string, output: Float32Array | null, kind: Kind) =>
    breach(question, output, { law: 'repeatable', kind, index, detail });
  const k = observed.status === 'answered' ? firstDifference(observed.output, answer) : null;
  onRepeated?.(observed.status === 'answered' && k === null);
  if (observed.status !== 'answered') {
    const kind = kindOfFailure(observed, 'nondeterministic');
    return broken(null, `the same call ${when}: ${observed.detail}`, null, kind);
  }
  if (k === null) return null;
  const output = observed.output.slice();
  const detail = `output[${k}] was ${toHex(answer[k])}, and ${toHex(output[k])} ${when}`;
  return broken(k, detail, output, 'nondeterministic');
}
