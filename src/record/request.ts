/** The oracle's requests and answers as JSON. */
import * as v from 'valibot';
import type { Batch } from '../core/batch.ts';
import { locating } from '../core/errors.ts';
import { answersBatch, type Operation, operations, usesTargets, usesUpstream } from '../core/operation.ts';
import { toHexWords } from '../float32/bits.ts';
import { createOracle } from '../oracle/exact.ts';
import { parseJson } from './parse.ts';
import { batchSchema, fromBatchWords } from './words.ts';

/**
 * A batch to answer. Without targets there is no answer for the losses, without upstream values
 * for the vector-Jacobian products.
 */
export interface Request {
  readonly batch: Batch;
  readonly hasTargets: boolean;
}

const requestSchema = v.strictObject(batchSchema.entries);

/**
 * The request in JSON `text`, `{"rows":1,"cols":2,"logits":["42b20000","00000000"],"targets":[0]}`, with upstream values as
 * words in `upstream`; `source`
 * says in errors where the text is from.
 * @throws UserError when it is not JSON, not a request, or its lengths or targets do not fit.
 */
export function parseRequest(text: string, source: string): Request {
  const words = parseJson(requestSchema, text, source);
  return { batch: locating(source, () => fromBatchWords(words)), hasTargets: words.targets !== undefined };
}

/** The operations of which the request has all arguments. */
export function operationsFor({ batch, hasTargets }: Request): Operation[] {
  return operations.filter(
    (operation) =>
      (hasTargets || !usesTargets(operation)) && (batch.upstream !== null || !usesUpstream(operation)),
  );
}

/** One line of JSON with every operation's answer as FP32 words; a loss is one word. */
export function answerLine({ batch, hasTargets }: Request): string {
  const oracle = createOracle(batch);
  const entries = operationsFor({ batch, hasTargets }).map((operation) => {
    const words = toHexWords(oracle.answer(operation).rounded);
    return [operation, answersBatch(operation) ? words[0] : words];
  });
  return JSON.stringify(Object.fromEntries(entries));
}
