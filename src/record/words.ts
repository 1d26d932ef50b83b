/** The parts of files that hold batches and floats: schemas, and the way there and back. */
import * as v from 'valibot';
import { type Batch, createBatch } from '../core/batch.ts';
import { UserError } from '../core/errors.ts';
import { type Answer, isAnswer, isWhole, type Sketch } from '../core/kept.ts';
import { fromHex, sameBits, toHex, toHexWords } from '../float32/bits.ts';

function noWord({ input }: { readonly input: unknown }): string {
  return `'${input}' is not an FP32 word: expected 8 hex digits, like 42b20000`;
}

/** One FP32 value: 8 hex digits. */
export const wordSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9a-fA-F]{8}$/, noWord),
  v.description('One FP32 value as the 8 hex digits of its IEEE 754 word.'),
);

/** One FP32 value, or of long arrays a run of equal ones: `00000000*512`. */
const runSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9a-fA-F]{8}(\*[1-9][0-9]{0,8})?$/, (issue) =>
    issue.input.includes('*')
      ? `'${issue.input}' is not a run of an FP32 word: expected 8 hex digits and a number from 1 to 999999999, like 42b20000*512`
      : noWord(issue),
  ),
  v.description('One FP32 value as the 8 hex digits of its IEEE 754 word, or several: 00000000*512.'),
);

/** FP32 values in their order. */
export const wordsSchema = v.array(runSchema);

const size = v.pipe(v.number(), v.integer(), v.minValue(1));

/** A batch: its shape, its logits row after row, a target class for each row, and upstream values, if any. */
export const batchSchema = v.object({
  rows: size,
  cols: size,
  logits: wordsSchema,
  targets: v.optional(v.array(v.pipe(v.number(), v.integer()))),
  upstream: v.optional(
    v.pipe(
      v.nullable(wordsSchema),
      v.description('The upstream gradient that a vector-Jacobian product is given, row after row.'),
    ),
  ),
});

/** A batch, or the shape alone of one that was too large to be kept. */
export const sketchSchema = v.object({ ...batchSchema.entries, logits: v.optional(wordsSchema) });

/** Which number of an answer that was too long to be kept stands for it. */
export const excerptSchema = v.object({
  length: size,
  index: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** What stands for an answer in a file. */
export type ExcerptWords = v.InferOutput<typeof excerptSchema>;

/** A batch as it stands in a file. */
export type BatchWords = v.InferOutput<typeof batchSchema>;

/** A sketch as it stands in a file. */
export type SketchWords = v.InferOutput<typeof sketchSchema>;

/** Arrays of more values are written as runs. */
const MOST_SINGLE = 1024;

/** Arrays of more values are not read: a run's length must not ask for more memory than there is. */
const MOST_VALUES = 2 ** 28;

/** The values as words, one a value, or in a long array one for each run of equal values. */
export function toWords(values: Float32Array): string[] {
  if (values.length <= MOST_SINGLE) return toHexWords(values);
  const words: string[] = [];
  for (let start = 0, end = 0; start < values.length; start = end) {
    while (end < values.length && sameBits(values[end], values[start])) end++;
    const word = toHex(values[start]);
    words.push(end - start === 1 ? word : `${word}*${end - start}`);
  }
  return words;
}

/**
 * The inverse of {@link toWords}, for words that satisfy the schema.
 * @throws UserError when they are too many to be held.
 */
export function fromWords(words: readonly string[]): Float32Array {
  const runs = words.map((text) => {
    const [word, count = '1'] = text.split('*');
    return { value: fromHex(word), count: Number(count) };
  });
  const length = runs.reduce((sum, { count }) => sum + count, 0);
  if (length > MOST_VALUES) throw new UserError(`${length} values: at most ${MOST_VALUES} are read`);
  const values = new Float32Array(length);
  let at = 0;
  for (const { value, count } of runs) {
    if (!Object.is(value, 0)) values.fill(value, at, at + count);
    at += count;
  }
  return values;
}

/** The file's form of a batch. */
export function toBatchWords({ rows, cols, logits, targets, upstream }: Batch): Required<BatchWords> {
  return {
    rows,
    cols,
    logits: toWords(logits),
    targets: [...targets],
    upstream: upstream && toWords(upstream),
  };
}

/** The file's form of an answer: all of its words, or one. */
export function toAnswerWords(answer: Answer): string[] {
  return isAnswer(answer) ? toWords(answer) : [toHex(answer.value)];
}

/** Which number that is, where it is one of many; nothing where all were kept. */
export function toExcerptWords(answer: Answer): { readonly excerpt?: ExcerptWords } {
  return isAnswer(answer) ? {} : { excerpt: { length: answer.length, index: answer.index } };
}

/**
 * The answer of a file's form. Throws as {@link fromWords} does.
 * @throws UserError when an excerpt is not of one number of the answer.
 */
export function fromAnswerWords(words: readonly string[], excerpt: ExcerptWords | undefined): Answer {
  const values = fromWords(words);
  if (excerpt === undefined) return values;
  if (values.length !== 1 || excerpt.index >= excerpt.length)
    throw new UserError(
      `${values.length} words for number ${excerpt.index} of ${excerpt.length}: expected one`,
    );
  return { ...excerpt, value: values[0] };
}

/** The file's form of a sketch. */
export function toSketchWords(sketch: Sketch): SketchWords {
  return isWhole(sketch) ? toBatchWords(sketch) : sketch;
}

/**
 * The batch of a file's form; without targets, every row's is class 0.
 * @throws UserError when a length does not fit, a target is out of range or an upstream value is not finite.
 */
export function fromBatchWords({ rows, cols, logits, targets, upstream }: BatchWords): Batch {
  return createBatch(rows, cols, fromWords(logits), targets, upstream && fromWords(upstream));
}

/** The sketch of a file's form. Throws as {@link fromBatchWords} does. */
export function fromSketchWords({ logits, ...rest }: SketchWords): Sketch {
  return logits === undefined ? { rows: rest.rows, cols: rest.cols } : fromBatchWords({ logits, ...rest });
}
