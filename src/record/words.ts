/** The parts of files that hold batches and floats: schemas, and the way there and back. */
import * as v from 'valibot';
import { type Batch, createBatch } from '../core/batch.ts';
import { locating, UserError } from '../core/errors.ts';
import { type Answer, isAnswer, isWhole, type Sketch } from '../core/kept.ts';
import { unknownName } from '../core/nearest.ts';
import { isScalar, type Options, type OptionValue, reductions } from '../core/options.ts';
import { type SemanticsName, semanticsChoices, semanticsNamed, semanticsOf } from '../core/semantics.ts';
import { shown } from '../core/shown.ts';
import { fromHex, sameBits, toHex } from '../float32/bits.ts';
import type { Format } from '../formats/format.ts';
import { type FormatName, formats } from '../formats/index.ts';
import { digitsOf, fromHexIn, isHexIn, toHexIn } from '../formats/words.ts';
import { optionNames, withOptions } from '../options/index.ts';

function noWord({ input }: { readonly input: unknown }): string {
  return `'${shown(input)}' is not an FP32 word: expected 8 hex digits, like 42b20000`;
}

function notOf(word: string, format: Format): string {
  const name = format.name.toUpperCase();
  return `'${shown(word)}' is not ${article(name)} word: expected ${digitsOf(format)} hex digits, like ${toHexIn(89, format)}`;
}

function article(name: string): string {
  return /^F/.test(name) ? `an ${name}` : `a ${name}`;
}

/** One FP32 value: 8 hex digits. */
export const wordSchema = v.pipe(
  v.string(noWord),
  v.regex(/^[0-9a-fA-F]{8}$/, noWord),
  v.description('One FP32 value as the 8 hex digits of its IEEE 754 word.'),
);

/** One FP32 value, or of long arrays a run of equal ones: `00000000*512`. */
const runSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9a-fA-F]{8}(\*[1-9][0-9]{0,8})?$/, (issue) =>
    issue.input.includes('*')
      ? `'${shown(issue.input)}' is not a run of an FP32 word: expected 8 hex digits and a number from 1 to 999999999, like 42b20000*512`
      : noWord(issue),
  ),
  v.description('One FP32 value as the 8 hex digits of its IEEE 754 word, or several: 00000000*512.'),
);

/** FP32 values in their order. */
export const wordsSchema = v.array(runSchema);

/** Values of some format: the file says which. */
export const formatWordsSchema = v.array(
  v.pipe(
    v.string(),
    v.regex(
      /^([0-9a-fA-F]{4}|[0-9a-fA-F]{8})(\*[1-9][0-9]{0,8})?$/,
      ({ input }) =>
        `'${shown(input)}' is not a word: expected 8 hex digits, like 42b20000, or 4 of a 16-bit format${input.includes('*') ? ', and a number from 1 to 999999999, like 42b20000*512' : ''}`,
    ),
    v.description(
      'A value, or of long arrays a run of equal ones, as the hex digits of its word in its format.',
    ),
  ),
);

/** One value of some format, no run: the file says which. */
export const formatWordSchema = v.pipe(
  v.string(),
  v.regex(
    /^([0-9a-fA-F]{4}|[0-9a-fA-F]{8})$/,
    ({ input }) =>
      `'${shown(input)}' is not a word: expected 8 hex digits, like 42b20000, or 4 of a 16-bit format`,
  ),
);

/** The name of a format. */
export const formatSchema = v.picklist(
  Object.keys(formats) as FormatName[],
  ({ input }) => `there is no format '${shown(input)}': the formats are ${Object.keys(formats).join(', ')}`,
);

const size = v.pipe(v.number(), v.integer(), v.minValue(1));

/** The options of a call: FP32 words, and a digit a cell of a mask. */
export const optionsSchema = v.strictObject(
  {
    scale: v.optional(wordSchema),
    softcap: v.optional(wordSchema),
    bias: v.optional(wordsSchema),
    mask: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^[01]+$/, 'expected a digit a logit or a column: 1 takes part, 0 is hidden'),
        v.description('1 takes part, 0 is hidden: a digit a logit, or a digit a column.'),
      ),
    ),
    sink: v.optional(v.union([wordSchema, wordsSchema], noWord)),
    reduction: v.optional(
      v.picklist(reductions, ({ input }) => unknownName('reduction', shown(input), reductions).message),
    ),
    ignoreIndex: v.optional(v.pipe(v.number(), v.integer())),
    classWeights: v.optional(wordsSchema),
    labelSmoothing: v.optional(wordSchema),
    zLoss: v.optional(wordSchema),
    probabilities: v.optional(wordsSchema),
    upstream: v.optional(v.union([wordSchema, wordsSchema], noWord)),
  },
  ({ input, expected }) =>
    expected === 'never'
      ? unknownName('option', shown(input), optionNames).message
      : `expected an object of options: ${optionNames.join(', ')}`,
);

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

/** Options as they stand in a file. */
export type OptionWords = v.InferOutput<typeof optionsSchema>;

/** A batch as it stands in a file. */
export type BatchWords = v.InferOutput<typeof batchSchema>;

/** A sketch as it stands in a file. */
export type SketchWords = v.InferOutput<typeof sketchSchema>;

/** Arrays of more values are written as runs. */
const MOST_SINGLE = 1024;

/** Arrays of more values are not read: a run's length must not ask for more memory than there is. */
const MOST_VALUES = 2 ** 28;

/** The values as words, one a value, or in a long array one for each run of equal values. */
export function toWords(values: Float32Array, format: FormatName = 'fp32'): string[] {
  const grid = formats[format];
  const toWord = (value: number): string => toHexIn(value, grid);
  if (values.length <= MOST_SINGLE) return Array.from(values, toWord);
  const words: string[] = [];
  for (let start = 0, end = 0; start < values.length; start = end) {
    while (end < values.length && sameBits(values[end], values[start])) end++;
    const word = toWord(values[start]);
    words.push(end - start === 1 ? word : `${word}*${end - start}`);
  }
  return words;
}

/**
 * The inverse of {@link toWords}.
 * @throws UserError when one is no word of the format, or they are too many to be held.
 */
export function fromWords(words: readonly string[], format: FormatName = 'fp32'): Float32Array {
  const grid = formats[format];
  const runs = words.map((text) => {
    const [word, count = '1'] = text.split('*');
    if (!isHexIn(word, grid)) throw new UserError(notOf(word, grid));
    return { value: fromHexIn(word, grid), count: Number(count) };
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

/** How many values the words stand for. */
function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + Number(word.split('*')[1] ?? 1), 0);
}

/**
 * Checks, before any is made, that batches have at most `most` values each, whatever their words announce, and these arrays too.
 * @throws UserError when one has more.
 */
export function checkSizes(
  batches: readonly SketchWords[],
  most: number,
  arrays: readonly (readonly string[])[] = [],
): void {
  const inBatches = batches.flatMap(({ logits = [], upstream, options = {} }) => {
    const { bias, sink, classWeights, probabilities, upstream: ofRows } = options;
    return [logits, upstream, bias, sink, classWeights, probabilities, ofRows].filter(Array.isArray);
  });
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

/** The file's form of options. */
export function toOptionWords(options: Options): OptionWords {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      name === 'ignoreIndex' ? value : optionWords(value),
    ]),
  ) as OptionWords;
}

function optionWords(value: OptionValue): string | string[] {
  if (isScalar(value)) return typeof value === 'number' ? toHex(value) : value;
  return value instanceof Uint8Array ? value.join('') : toWords(value);
}

function fromOptionWords(words: OptionWords): Options {
  const number = (word: string): number => fromHex(word);
  const { scale, softcap, bias, mask, sink, ...ofLosses } = words;
  const { reduction, ignoreIndex, classWeights, labelSmoothing, zLoss, probabilities, upstream } = ofLosses;
  const some = (value: string | string[]): number | Float32Array =>
    typeof value === 'string' ? number(value) : fromWords(value);
  return {
    ...(scale !== undefined && { scale: number(scale) }),
    ...(softcap !== undefined && { softcap: number(softcap) }),
    ...(bias !== undefined && { bias: fromWords(bias) }),
    ...(mask !== undefined && { mask: Uint8Array.from(mask, Number) }),
    ...(sink !== undefined && { sink: some(sink) }),
    ...(reduction !== undefined && { reduction }),
    ...(ignoreIndex !== undefined && { ignoreIndex }),
    ...(classWeights !== undefined && { classWeights: fromWords(classWeights) }),
    ...(labelSmoothing !== undefined && { labelSmoothing: number(labelSmoothing) }),
    ...(zLoss !== undefined && { zLoss: number(zLoss) }),
    ...(probabilities !== undefined && { probabilities: fromWords(probabilities) }),
    ...(upstream !== undefined && { upstream: some(upstream) }),
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
