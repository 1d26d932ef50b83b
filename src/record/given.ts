/** A failing input as people keep one: a finding's file, a request of the oracle, or FP32 words. */
import type { Batch } from '../core/batch.ts';
import { batchOf } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { fromHex, isHex } from '../float32/bits.ts';
import { shown } from '../text/describe-value.ts';
import { locating, UserError } from '../text/errors.ts';
import { readJson } from '../text/json.ts';
import { fromBatchWords } from './batch-words.ts';
import { type FindingFile, parseFindingFile } from './finding-file.ts';
import { operationsFor, parseRequest } from './request.ts';

/** An input, and what is said of it. */
export interface Given {
  readonly batch: Batch;
  /** What the input has all arguments of: without targets, no loss, and
   * without upstream values no vector-Jacobian product. */
  readonly operations: readonly Operation[];
  /** The finding that the input is from, if it is from one. */
  readonly finding: FindingFile | null;
}

/**
 * The input in `text`; `source` says in errors where the text is from. An object with a `schemaVersion` is a finding,
 * another object a request, and anything else are words, a row a line or with / between rows: `42b20000 00000000`.
 * @throws UserError when it is none of them, or its lengths or targets do not fit.
 */
export function parseGiven(text: string, source: string, mostLogits?: number): Given {
  if (!text.trimStart().startsWith('{')) return wordsOf(text, source);
  if ('schemaVersion' in (readJson(text, source) as object)) {
    const finding = parseFindingFile(text, source, mostLogits);
    return { batch: fromBatchWords(finding.input), operations: [finding.operation], finding };
  }
  const request = parseRequest(text, source, mostLogits);
  return { batch: request.batch, operations: operationsFor(request), finding: null };
}

function wordsOf(text: string, source: string): Given {
  const rows = text
    .split(/[\n/]/)
    .map((row) => row.split(/[\s,]+/).filter((word) => word !== ''))
    .filter((row) => row.length > 0);
  const word = rows.flat().find((each) => !isHex(each));
  if (word !== undefined || rows.length === 0) {
    const what = word === undefined ? 'nothing in it' : `'${shown(word)}' is not an FP32 word`;
    throw new UserError(
      `${source}: ${what}`,
      "Give a finding's file, a request of `softmax-fuzz oracle --jsonl`, or words of 8 hex digits, like 42b20000.",
    );
  }
  const batch = locating(source, () => batchOf(rows.map((row) => row.map(fromHex))));
  return { batch, operations: operationsFor({ batch, hasTargets: false }), finding: null };
}
