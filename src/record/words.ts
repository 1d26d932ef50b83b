/** Floats in files: schemas, and the way there and back. */
import * as v from 'valibot';
import { sameBits } from '../float32/bits.ts';
import type { Format } from '../formats/format.ts';
import { type FormatName, formats } from '../formats/index.ts';
import { digitsOf, fromHexIn, isHexIn, toHexIn } from '../formats/words.ts';
import { shown } from '../text/describe-value.ts';
import { UserError } from '../text/errors.ts';

/** What is told of what is no FP32 word. */
export function noWord({ input }: { readonly input: unknown }): string {
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
    v.string(
      ({ input }) => `${shown(input)} is not a word: expected hex digits in quotes, "42b20000" for 89`,
    ),
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
export function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + Number(word.split('*')[1] ?? 1), 0);
}
