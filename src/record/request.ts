/** The oracle's requests and answers as JSON. */
import * as v from 'valibot';
import { type Batch, MOST_LOGITS } from '../core/batch.ts';
import { answersOne, type Operation, operations, usesTargets, usesUpstream } from '../core/operation.ts';
import type { Format } from '../formats/format.ts';
import { type FormatName, formats } from '../formats/index.ts';
import { toHexIn } from '../formats/words.ts';
import { takesScores } from '../options/index.ts';
import { createOracle } from '../oracle/exact.ts';
import { locating } from '../text/errors.ts';
import { batchSchema, checkSizes, fromBatchWords } from './batch-words.ts';
import { parseJson } from './parse.ts';
import { formatSchema } from './words.ts';

/**
 * A batch to answer. Without targets there is no answer for the losses, without upstream values
 * for the vector-Jacobian products.
 */
export interface Request {
  readonly batch: Batch;
  readonly hasTargets: boolean;
  /** The format that answers are rounded to: the logits' where left out. */
  readonly answer?: FormatName | undefined;
}

const requestSchema = v.strictObject({
  ...batchSchema.entries,
  answer: v.optional(formatSchema),
});

/**
 * The request in JSON `text`, `{"rows":1,"cols":2,"logits":["42b20000","00000000"],"targets":[0]}`, with upstream values as
 * words in `upstream`, and the names of formats in `format`, of what is given, and `answer`; `source`
 * says in errors where the text is from. It has at most `mostLogits`.
 * @throws UserError when it is not JSON, not a request, or its lengths or targets do not fit.
 */
export function parseRequest(text: string, source: string, mostLogits: number = MOST_LOGITS): Request {
  const words = parseJson(requestSchema, text, source);
  const batch = locating(source, () => {
    checkSizes([words], mostLogits);
    return fromBatchWords(words);
  });
  const hasTargets = words.targets !== undefined || batch.options?.probabilities !== undefined;
  return { batch, hasTargets, answer: words.answer };
}

/** The operations of which the request has all arguments, and none of its options of scores is another's alone. */
export function operationsFor({ batch, hasTargets }: Request): Operation[] {
  return operations.filter(
    (operation) =>
      (hasTargets || !usesTargets(operation)) &&
      (batch.upstream !== null || !usesUpstream(operation)) &&
      takesScores(operation, batch.options),
  );
}

/** The format that the answers of a request are rounded to. */
export function answerFormatOf({ batch, answer = batch.format ?? 'fp32' }: Request): Format {
  return formats[answer];
}

/** One line of JSON with every operation's answer as words; a loss is one word. */
export function answerLine(request: Request): string {
  const oracle = createOracle(request.batch);
  const format = answerFormatOf(request);
  const entries = operationsFor(request).map((operation) => {
    const words = Array.from(oracle.rounded(operation, format), (value) => toHexIn(value, format));
    return [operation, answersOne(operation, request.batch.options) ? words[0] : words];
  });
  return JSON.stringify(Object.fromEntries(entries));
}
