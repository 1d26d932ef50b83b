/** Batches and answers in files: schemas, and the way there and back. */
import * as v from 'valibot';
import { type Batch, createBatch } from '../core/batch.ts';
import { type Answer, isAnswer, isWhole, type Sketch } from '../core/kept.ts';
import { type SemanticsName, semanticsChoices, semanticsNamed, semanticsOf } from '../core/semantics.ts';
import type { FormatName } from '../formats/index.ts';
import { withOptions } from '../options/index.ts';
import { locating, UserError } from '../text/errors.ts';
import { fromOptionWords, optionsSchema, toOptionWords } from './option-words.ts';
import { formatSchema, formatWordsSchema, fromWords, lengthOf, toWords } from './words.ts';

const size = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What libraries settle differently in a loss with options: all of it. */
export const semanticsSchema = v.strictObject({
  divisor: v.picklist(semanticsChoices.divisor),
  empty: v.picklist(semanticsChoices.empty),
  zeroTimesInfinity: v.picklist(semanticsChoices.zeroTimesInfinity),
  smoothed: v.picklist(semanticsChoices.smoothed),
  smoothedWeight: v.picklist(semanticsChoices.smoothedWeight),
});

/** The same, or a library's name, or what differs from PyTorch's. */
const declaredSemanticsSchema = v.union(
  [v.picklist(Object.keys(semanticsNamed) as SemanticsName[]), v.partial(semanticsSchema)],
  ({ input }) => wrongSemantics(input),
);

function wrongSemantics(declared: unknown): string {
  try {
    semanticsOf(declared);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'expected semantics';
}

/** A batch: its shape, its logits row after row, a target class for each row, and upstream values, if any. */
export const batchSchema = v.object({
  rows: size,
  cols: size,
  format: v.pipe(
    v.optional(formatSchema),
    v.description('Of the logits and upstream values; FP32 where left out.'),
  ),
  logits: formatWordsSchema,
  targets: v.optional(v.array(v.pipe(v.number(), v.integer()))),
  options: v.optional(optionsSchema),
  semantics: v.optional(declaredSemanticsSchema),
  upstream: v.optional(
    v.pipe(
      v.nullable(formatWordsSchema),
      v.description('The upstream gradient that a vector-Jacobian product is given, row after row.'),
    ),
  ),
});

/** A batch, or the shape alone of one that was too large to be kept. */
export const sketchSchema = v.object({ ...batchSchema.entries, logits: v.optional(formatWordsSchema) });

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

/**
 * Checks, before any is made, that batches have at most `most` values each, whatever their words announce, and these arrays too.
 * @throws UserError when one has more.
 */
export function checkSizes(
  batches: readonly SketchWords[],
  most: number,
  arrays: readonly (readonly string[])[] = [],
): void {
  const inBatches = batches.flatMap(({ logits = [], upstream, options = {} }) =>
    [logits, upstream, ...Object.values(options)].filter(Array.isArray),
  );
  for (const words of [...inBatches, ...arrays]) {
    const length = lengthOf(words);
    if (length > most)
      throw new UserError(
        `there are ${length} values in an array: at most ${most} are read`,
        `Where that is meant, --max-logits ${length} reads them.`,
      );
  }
}

/** The file's form of a batch. */
export function toBatchWords({
  rows,
  cols,
  logits,
  targets,
  upstream,
  format,
  options,
  semantics,
}: Batch): BatchWords & Required<Omit<BatchWords, 'format' | 'options' | 'semantics'>> {
  return {
    rows,
    cols,
    ...(format !== undefined && { format }),
    logits: toWords(logits, format),
    targets: [...targets],
    upstream: upstream && toWords(upstream, format),
    ...(options && { options: toOptionWords(options) }),
    ...(semantics && { semantics }),
  };
}

/** The file's form of an answer: all of its words, or one. */
export function toAnswerWords(answer: Answer, format?: FormatName): string[] {
  return toWords(isAnswer(answer) ? answer : Float32Array.of(answer.value), format);
}

/** Which number that is, where it is one of many; nothing where all were kept. */
export function toExcerptWords(answer: Answer): { readonly excerpt?: ExcerptWords } {
  return isAnswer(answer) ? {} : { excerpt: { length: answer.length, index: answer.index } };
}

/**
 * The answer of a file's form. Throws as {@link fromWords} does.
 * @throws UserError when an excerpt is not of one number of the answer.
 */
export function fromAnswerWords(
  words: readonly string[],
  excerpt: ExcerptWords | undefined,
  format?: FormatName,
): Answer {
  const values = fromWords(words, format);
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
export function fromBatchWords({
  rows,
  cols,
  logits,
  targets,
  upstream,
  format,
  options,
  semantics,
}: BatchWords): Batch {
  const values = locating('logits', () => fromWords(logits, format));
  const products = upstream && locating('upstream', () => fromWords(upstream, format));
  const plain = createBatch(rows, cols, values, targets, products, options?.ignoreIndex);
  const batch = options === undefined ? plain : withOptions(plain, fromOptionWords(options));
  return {
    ...batch,
    ...(format !== undefined && format !== 'fp32' && { format }),
    ...(semantics !== undefined && { semantics: semanticsOf(semantics) }),
  };
}

/** The sketch of a file's form. Throws as {@link fromBatchWords} does. */
export function fromSketchWords({ logits, ...rest }: SketchWords): Sketch {
  return logits === undefined ? { rows: rest.rows, cols: rest.cols } : fromBatchWords({ logits, ...rest });
}
