/**
 * A finding as a JSON file: everything that replays, explains and compares it, and nothing that depends on the
 * clock or the host. The JSON Schema of it is published as schemas/finding-2.schema.json.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { MOST_LOGITS } from '../core/batch.ts';
import type { Call } from '../core/call.ts';
import type { ErrorSize } from '../core/error-size.ts';
import { type Finding, needs } from '../core/finding.ts';
import { gridOf } from '../core/grid.ts';
import { operations, outputLength } from '../core/operation.ts';
import { kinds } from '../core/violation.ts';
import { toHex, toHexWords } from '../float32/bits.ts';
import { toHexIn } from '../formats/words.ts';
import { shown } from '../text/describe-value.ts';
import { locating, UserError } from '../text/errors.ts';
import { readJson } from '../text/json.ts';
import { traceTarget } from '../trace/trace-target.ts';
import {
  batchSchema,
  checkSizes,
  excerptSchema,
  fromAnswerWords,
  fromBatchWords,
  fromSketchWords,
  sketchSchema,
  toAnswerWords,
  toBatchWords,
  toExcerptWords,
  toSketchWords,
} from './batch-words.ts';
import { fromOptionWords } from './option-words.ts';
import { checkJson } from './parse.ts';
import { formatSchema, formatWordSchema, formatWordsSchema, fromWords, wordSchema } from './words.ts';

/** The version of the files that this package writes but for findings', and the only one that it reads. */
export const SCHEMA_VERSION = 1;

/** The version of findings' files. Those of version 1, from before there were formats, are read as well. */
export const FINDING_VERSION = 2;

/** Longer traces are left out of the file; `replay` makes them again. */
const LONGEST_TRACE = 2000;

const numberOrNull = v.nullable(v.number());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The sizes of an error; null for what is no number, and left out by files from before there were weights. */
export const sizeEntries = {
  errorUlp: v.pipe(
    numberOrNull,
    v.description('|answer - exact| in ULP of the exact value; null when that is no number.'),
  ),
  budgetUse: v.pipe(
    numberOrNull,
    v.description('|answer - exact| over what the profile allows; null when nothing is allowed.'),
  ),
  absoluteError: v.pipe(
    v.optional(numberOrNull),
    v.description('|answer - exact|; null when that is no number.'),
  ),
  relativeError: v.pipe(
    v.optional(numberOrNull),
    v.description('|answer - exact| over |exact|; null when that is no number.'),
  ),
  weight: v.pipe(
    v.optional(numberOrNull),
    v.description("|answer - exact| over the answer's natural unit; null when the error has no size."),
  ),
};

const originSchema = v.variant('by', [
  v.object({ by: v.literal('article') }),
  v.object({ by: v.literal('saved'), file: v.string() }),
  v.object({ by: v.literal('generated'), seed: v.number(), case: count, families: v.array(v.string()) }),
]);

const traceSchema = v.object({
  steps: v.array(v.object({ op: v.string(), operands: v.array(wordSchema), result: wordSchema })),
  firstNonFinite: v.pipe(
    v.nullable(count),
    v.description('Index of the first step that makes a value which is not finite.'),
  ),
});

/** Calls in their order. */
export const callsSchema = v.optional(
  v.array(v.object({ operation: v.picklist(operations), input: batchSchema })),
);

/** The name of a bucket: its parts are words of softmax-fuzz. */
export const bucketSchema = v.pipe(v.string(), v.regex(/^[\w-]+(\/[\w-]+)*$/));

/** The name of a profile, perhaps with a suffix: `wgsl+ftz`. */
export const profileSchema = v.pipe(v.string(), v.regex(/^[\w.+-]+$/));

/** The schema of a finding's file. */
export const findingSchema = v.object({
  schemaVersion: v.picklist([1, FINDING_VERSION]),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/), v.description('Hash of target, bucket and input.')),
  target: v.object({ name: v.string(), specifier: v.string() }),
  profile: profileSchema,
  formats: v.pipe(
    v.optional(v.object({ logits: formatSchema, answer: formatSchema, arithmetic: formatSchema })),
    v.description('Of logits, answers and of what is computed between; FP32 throughout where left out.'),
  ),
  operation: v.picklist(operations),
  property: v.pipe(v.string(), v.regex(/^[\w-]+$/)),
  kind: v.picklist(kinds),
  severity: v.picklist(['error', 'warning']),
  bucket: bucketSchema,
  known: v.boolean(),
  exceeds: v.pipe(
    v.optional(numberOrNull),
    v.description('The heaviest error of the bucket that is known, where this one is heavier.'),
  ),
  input: v.pipe(batchSchema, v.description('The simplest batch of the bucket.')),
  before: v.pipe(
    callsSchema,
    v.description(
      'The calls that a new target has to be given before this one fails; left out where it needs none.',
    ),
  ),
  output: v.pipe(
    v.nullable(formatWordsSchema),
    v.description('What the target answered; null when it gave no answer of the right shape.'),
  ),
  expected: v.pipe(
    formatWordsSchema,
    v.description('The exact answer, rounded once to the nearest number of its format.'),
  ),
  excerpt: v.pipe(
    v.optional(excerptSchema),
    v.description('Where answers are too long to be kept: which of so many numbers stands for them.'),
  ),
  index: v.pipe(v.nullable(count), v.description('The element of the answer where the error shows most.')),
  ...sizeEntries,
  detail: v.nullable(v.string()),
  boundary: v.pipe(
    v.nullable(v.object({ cell: count, passes: formatWordSchema, fails: formatWordSchema })),
    v.description(
      'Two neighboring values of one logit: the failure is absent with the first and present with the second.',
    ),
  ),
  sizeBoundary: v.pipe(
    v.optional(v.object({ of: v.picklist(['rows', 'cols', 'logits', 'multiple']), passes: count })),
    v.description(
      'Of which size the failure is: there in all that was asked beyond so many rows, columns or logits, and not with so many; or with columns that are no multiple of so many.',
    ),
  ),
  needs: v.pipe(
    v.optional(v.array(v.picklist(needs))),
    v.description(
      'What it needs that no logit tells: rows, where no row fails like this alone; offset, where nothing of its kind is wrong once each row has a maximum of 0.',
    ),
  ),
  factor: v.pipe(
    v.optional(v.number()),
    v.description(
      'What the exact answers to the input and to two others are multiplied by, where that is one number.',
    ),
  ),
  explanation: v.pipe(
    v.optional(
      v.nullable(
        v.object({
          values: count,
          logits: v.array(count),
          classes: count,
          targets: v.array(count),
          upstream: v.array(count),
          together: v.nullable(v.boolean()),
        }),
      ),
    ),
    v.description(
      'The logits, the upstream values and the rows of targets that may be any of so many other values: the bucket stays the same with each alone, and maybe with all together.',
    ),
  ),
  worst: v.pipe(
    v.object({ input: sketchSchema, ...sizeEntries }),
    v.description('The batch of the largest weight that the campaign met in the bucket.'),
  ),
  typicalWeight: v.pipe(
    v.optional(numberOrNull),
    v.description('The median of the weights of what the campaign met in the bucket.'),
  ),
  original: v.pipe(sketchSchema, v.description('The batch as the campaign met it.')),
  found: v.intersect([
    originSchema,
    v.object({
      occurrences: count,
      step: v.pipe(
        v.optional(count),
        v.description('The step of the climb from this batch; left out where it failed itself.'),
      ),
      first: v.pipe(
        v.optional(originSchema),
        v.description('Where the first case of the bucket came from; left out where it is this one.'),
      ),
    }),
  ]),
  shows: v.pipe(
    v.optional(v.array(bucketSchema)),
    v.description('The buckets that the input falls into by every operation, where they were asked.'),
  ),
  connected: v.pipe(
    v.optional(v.array(bucketSchema)),
    v.description(
      'The buckets that the input falls into as its numbers are scaled, as far as the target fails all along; left out where that was not asked.',
    ),
  ),
  causes: v.pipe(
    v.optional(v.array(v.object({ words: v.string(), confirmed: count }))),
    v.description(
      'The known mistakes that explain it, each with the number of further inputs on which it is off by some number and the target has answered the same; left out where that was not asked.',
    ),
  ),
  shrink: v.object({
    evaluations: count,
    improvements: count,
    minimal: v.boolean(),
    cut: v.pipe(
      v.optional(v.boolean()),
      v.description('Whether time or an interrupt ended it: `softmax-fuzz minimize` goes on.'),
    ),
  }),
  trace: v.nullable(traceSchema),
});

/** A finding's file, parsed: what schemas/finding-2.schema.json in the package says. */
export type FindingFile = v.InferOutput<typeof findingSchema>;

/** The file of a finding. A built-in kernel's holds the trace of every FP32 step. */
export function toFindingFile(finding: Finding): FindingFile {
  const { target, bucket, batch, output, worst, origin, boundary, explanation, formats } = finding;
  const input = toBatchWords(batch);
  const before = finding.before && toCallWords(finding.before);
  return {
    schemaVersion: FINDING_VERSION,
    id: idOf(target.name, bucket, before === undefined ? input : { ...input, before }),
    target,
    profile: finding.profile,
    ...(formats && { formats }),
    operation: finding.operation,
    property: finding.property,
    kind: finding.kind,
    severity: finding.severity,
    bucket,
    known: finding.known,
    exceeds: finding.exceeds,
    input,
    ...(before && { before }),
    output: output && toAnswerWords(output, formats?.answer),
    expected: toAnswerWords(finding.expected, formats?.answer),
    ...toExcerptWords(finding.expected),
    index: finding.index,
    ...toSizeWords(finding),
    detail: finding.detail,
    boundary: boundary && {
      cell: boundary.cell,
      passes: toHexIn(boundary.passes, gridOf(batch)),
      fails: toHexIn(boundary.fails, gridOf(batch)),
    },
    ...(finding.sizeBoundary && {
      sizeBoundary: { of: finding.sizeBoundary.of, passes: finding.sizeBoundary.passes },
    }),
    ...(finding.needs && { needs: [...finding.needs] }),
    ...(finding.factor !== undefined && { factor: finding.factor }),
    // Every field by name: a finding that was read and one that was made differ in the order of theirs.
    explanation: explanation && {
      values: explanation.values,
      logits: [...explanation.logits],
      classes: explanation.classes,
      targets: [...explanation.targets],
      upstream: [...explanation.upstream],
      together: explanation.together,
    },
    worst: {
      input: toSketchWords(worst.batch),
      ...toSizeWords(worst),
    },
    typicalWeight: finiteOrNull(finding.typicalWeight),
    original: toSketchWords(finding.original),
    found: {
      ...origin,
      ...(finding.first && { first: finding.first }),
      occurrences: finding.occurrences,
    } as FindingFile['found'],
    ...(finding.shows && { shows: [...finding.shows] }),
    ...(finding.connected && { connected: [...finding.connected] }),
    ...(finding.causes && {
      causes: finding.causes.map(({ words, confirmed }) => ({ words, confirmed })),
    }),
    shrink: finding.shrink as FindingFile['shrink'],
    trace: traceOf(finding),
  };
}

/**
 * The finding in JSON `text`; `source` says in errors where the text is from. Each of its batches has at most `mostLogits`, as have all of `before`
 * together.
 * @throws UserError when it is not JSON, is of another schema version, does not satisfy the schema, or holds lengths
 * or targets that do not fit.
 */
export function parseFindingFile(
  text: string,
  source: string,
  mostLogits: number = MOST_LOGITS,
): FindingFile {
  const value = readJson(text, source);
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== undefined && version !== 1 && version !== FINDING_VERSION) {
    throw new UserError(
      `${source} is of schema version ${shown(version)}: this softmax-fuzz reads versions 1 and ${FINDING_VERSION}`,
      'Replay it with the release that wrote it, or find it again with `softmax-fuzz fuzz`.',
    );
  }
  const file = checkJson(findingSchema, value, source);
  const calls = (file.before ?? []).map(({ input }) => input);
  const answers = [file.expected, file.output ?? [], calls.flatMap(({ logits }) => logits)];
  locating(source, () =>
    checkSizes([file.input, file.worst.input, file.original, ...calls], mostLogits, answers),
  );
  for (const [place, words] of Object.entries({
    input: file.input,
    'worst.input': file.worst.input,
    original: file.original,
  })) {
    locating(`${source}, at ${place}`, () => fromSketchWords(words));
  }
  for (const [k, call] of file.before?.entries() ?? [])
    locating(`${source}, at before[${k}]`, () => fromBatchWords(call.input));
  const { boundary, input } = file;
  if (boundary !== null)
    locating(`${source}, at boundary`, () => fromWords([boundary.passes, boundary.fails], input.format));
  checkPlaces(file, source);
  const length = lengthOfAnswer(file);
  for (const place of ['output', 'expected'] as const) {
    const words = file[place];
    if (words === null) continue;
    const { length: given } = locating(`${source}, at ${place}`, () =>
      fromAnswerWords(words, file.excerpt, file.formats?.answer),
    );
    if (given !== length)
      throw new UserError(`${source}, at ${place}: ${given} words where ${file.operation} gives ${length}`);
  }
  return file;
}

/** The file's form of calls. */
export function toCallWords(calls: readonly Call[]): NonNullable<FindingFile['before']> {
  return calls.map(({ operation, batch }) => ({ operation, input: toBatchWords(batch) }));
}

/** The calls before a finding's own, in their order. */
export function callsBefore({ before = [] }: FindingFile): Call[] {
  return before.map(({ operation, input }) => ({ operation, batch: fromBatchWords(input) }));
}

/** A hash of what makes a finding. Without upstream values, or calls before it, it is the one from before there were any. */
function idOf(
  target: string,
  bucket: string,
  { upstream, ...input }: FindingFile['input'] & Pick<FindingFile, 'before'>,
): string {
  return createHash('sha256')
    .update(JSON.stringify([target, bucket, upstream ? { ...input, upstream } : input]))
    .digest('hex')
    .slice(0, 8);
}

function traceOf({ target, operation, batch }: Finding): FindingFile['trace'] {
  const trace = traceTarget(target.specifier, operation, batch);
  if (trace === null || trace.steps.length > LONGEST_TRACE) return null;
  const { steps, firstNonFinite } = trace;
  return {
    steps: steps.map(({ op, operands, result }) => ({
      op,
      operands: toHexWords(operands),
      result: toHex(result),
    })),
    firstNonFinite,
  };
}

/** The file's form of an error's sizes. */
export function toSizeWords(size: ErrorSize): Record<keyof ErrorSize, number | null> {
  return {
    errorUlp: finiteOrNull(size.errorUlp),
    budgetUse: finiteOrNull(size.budgetUse),
    absoluteError: finiteOrNull(size.absoluteError),
    relativeError: finiteOrNull(size.relativeError),
    weight: finiteOrNull(size.weight),
  };
}

/** A number that JSON can hold, or null. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** How many numbers the answer has, of a loss by its reduction. */
function lengthOfAnswer({ operation, input: { rows, cols, options } }: FindingFile): number {
  return outputLength(operation, rows, cols, options && fromOptionWords(options));
}

/** @throws UserError when something is said of a logit, a row or a number that the input or the answer does not have. */
function checkPlaces(file: FindingFile, source: string): void {
  const { input, index, boundary, explanation } = file;
  const { rows, cols } = input;
  const places: readonly (readonly [place: string, indices: readonly number[], length: number])[] = [
    ['index', index === null ? [] : [index], lengthOfAnswer(file)],
    ['boundary.cell', boundary === null ? [] : [boundary.cell], rows * cols],
    ['explanation.logits', explanation?.logits ?? [], rows * cols],
    ['explanation.upstream', explanation?.upstream ?? [], rows * cols],
    ['explanation.targets', explanation?.targets ?? [], rows],
  ];
  for (const [place, indices, length] of places) {
    const beyond = indices.find((each) => each >= length);
    if (beyond !== undefined)
      throw new UserError(`${source}, at ${place}: ${beyond} is none of 0 to ${length - 1}`);
  }
}
