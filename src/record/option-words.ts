/** Options in files: their schema, and the way there and back. What is missing here does not compile. */
import * as v from 'valibot';
import { type OptionName, type Options, reductions } from '../core/options.ts';
import { fromHex, toHex } from '../float32/bits.ts';
import { optionNames } from '../options/index.ts';
import { shown } from '../text/describe-value.ts';
import { unknownName } from '../text/nearest.ts';
import { fromWords, noWord, toWords, wordSchema, wordsSchema } from './words.ts';

/** How values stand in a file, as `W`. */
interface Form<V, W> {
  readonly schema: v.GenericSchema<W>;
  /** The way into a file. */
  readonly to: (value: V) => W;
  /** And back. */
  readonly from: (words: W) => V;
}

const number: Form<number, string> = { schema: wordSchema, to: toHex, from: fromHex };

const numbers: Form<Float32Array, string[]> = {
  schema: wordsSchema,
  to: (values) => toWords(values),
  from: (words) => fromWords(words),
};

const numberOrNumbers: Form<number | Float32Array, string | string[]> = {
  schema: v.union([wordSchema, wordsSchema], noWord),
  to: (value) => (typeof value === 'number' ? number.to(value) : numbers.to(value)),
  from: (words) => (typeof words === 'string' ? number.from(words) : numbers.from(words)),
};

const bits: Form<Uint8Array, string> = {
  schema: v.pipe(
    v.string(),
    v.regex(/^[01]+$/, 'expected a digit a logit or a column: 1 takes part, 0 is hidden'),
    v.description('1 takes part, 0 is hidden: a digit a logit, or a digit a column.'),
  ),
  to: (values) => values.join(''),
  from: (digits) => Uint8Array.from(digits, Number),
};

/** What stands as it is. */
const itself = <V>(schema: v.GenericSchema<V>): Form<V, V> => ({
  schema,
  to: (value) => value,
  from: (value) => value,
});

/** How each option stands in a file. */
const forms = {
  scale: number,
  temperature: number,
  softcap: number,
  bias: numbers,
  mask: bits,
  weights: numbers,
  sink: numberOrNumbers,
  reduction: itself(
    v.picklist(reductions, ({ input }) => unknownName('reduction', shown(input), reductions).message),
  ),
  ignoreIndex: itself(v.pipe(v.number(), v.integer())),
  classWeights: numbers,
  rowWeights: numbers,
  labelSmoothing: number,
  zLoss: number,
  probabilities: numbers,
  upstream: numberOrNumbers,
} as const satisfies {
  readonly [O in OptionName]: {
    readonly to: (value: NonNullable<Options[O]>) => unknown;
    readonly from: (words: never) => NonNullable<Options[O]>;
  };
};

/** Options as they stand in a file. */
export type OptionWords = {
  readonly [O in OptionName]?: ReturnType<(typeof forms)[O]['to']> | undefined;
};

/** The schemas of all, each of which may be left out. */
type Entries = {
  readonly [O in OptionName]: v.OptionalSchema<
    v.GenericSchema<ReturnType<(typeof forms)[O]['to']>>,
    undefined
  >;
};

/** The options of a call: FP32 words, and a digit a cell of a mask. */
export const optionsSchema = v.strictObject(
  Object.fromEntries(
    optionNames.map((name) => [name, v.optional(forms[name].schema as v.GenericSchema)]),
  ) as unknown as Entries,
  ({ input, expected }) =>
    expected === 'never'
      ? unknownName('option', shown(input), optionNames).message
      : `expected an object of options: ${optionNames.join(', ')}`,
);

/** The file's form of options. */
export function toOptionWords(options: Options): OptionWords {
  return converted<OptionWords>(options, 'to');
}

/** The options of a file's form. Throws as {@link fromWords} does. */
export function fromOptionWords(words: OptionWords): Options {
  return converted<Options>(words, 'from');
}

/** In the order of options, whatever order they were made in. */
function converted<T>(values: Options | OptionWords, way: 'to' | 'from'): T {
  const pairs = optionNames.flatMap((name) => {
    const convert = forms[name][way] as (value: unknown) => unknown;
    const value = values[name];
    return value === undefined ? [] : [[name, convert(value)]];
  });
  return Object.fromEntries(pairs) as T;
}
