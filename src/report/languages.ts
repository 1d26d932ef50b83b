/** Languages in which a call may be written. Numbers of arrays are the shortest decimals that give the same bits again; others are doubles in JavaScript and Python. */
import type { Operation } from '../core/operation.ts';
import type { OptionName, Reduction } from '../core/options.ts';
import { formatFloat } from '../float32/format.ts';
import { type FormatName, formats } from '../formats/index.ts';
import { packWords } from '../formats/words.ts';

/** An array of a call. */
export interface Tensor {
  readonly name: string;
  readonly values: Float32Array | Int32Array | Uint8Array;
  readonly shape: readonly number[];
  readonly format: FormatName | 'int' | 'bool';
}

/** A call in its parts. */
export interface CallParts {
  readonly operation: Operation;
  readonly rows: number;
  readonly cols: number;
  readonly tensors: readonly Tensor[];
  readonly options: readonly (readonly [name: OptionName, value: Tensor | number | Reduction])[];
}

/** How a call is written. */
export interface Language {
  /** What stands before these calls. */
  readonly head: (calls: readonly CallParts[]) => readonly string[];
  readonly call: (parts: CallParts) => string;
}

/** Arrays longer than this, of runs that are few, are written as these. */
const LONG = 32;

/** An array as runs of equal numbers, or null where it is short or these are many. */
function runsOf({ values }: Tensor): { readonly values: number[]; readonly counts: number[] } | null {
  if (values.length <= LONG) return null;
  const runs = { values: [] as number[], counts: [] as number[] };
  for (const value of values) {
    if (Object.is(value, runs.values.at(-1))) runs.counts[runs.counts.length - 1]++;
    else {
      runs.values.push(value);
      runs.counts.push(1);
    }
  }
  return runs.counts.length <= values.length / 4 ? runs : null;
}

/** All arrays of the calls. */
function arraysOf(calls: readonly CallParts[]): Tensor[] {
  return calls.flatMap(({ tensors, options }) => [
    ...tensors,
    ...options.flatMap(([, value]) => (typeof value === 'object' ? [value] : [])),
  ]);
}

/** Whether NaN or an infinity is among the numbers of the calls. */
function hasSpecial(calls: readonly CallParts[]): boolean {
  const scalars = calls.flatMap(({ options }) => options.map(([, value]) => value));
  return (
    arraysOf(calls).some(({ values }) => values.some((x) => !Number.isFinite(x))) ||
    scalars.some((value) => typeof value === 'number' && !Number.isFinite(value))
  );
}

/** Numbers as a language has them: of a 16-bit format their words, where it has no such type. */
function textsOf(
  values: Iterable<number>,
  format: Tensor['format'],
  number: (x: number) => string,
): string[] {
  if (format !== 'fp16' && format !== 'bf16') return Array.from(values, number);
  const words = packWords(Float32Array.from(values), formats[format]);
  return Array.from(words, (word) => `0x${word.toString(16).padStart(4, '0')}`);
}

/** JavaScript, by the contract. */
export const javascript: Language = {
  head: () => [],
  call({ operation, rows, cols, tensors, options }) {
    const fields = options.map(([name, value]) => `${name}: ${jsValue(value)}`);
    const given = fields.length === 0 ? [] : [`{ ${fields.join(', ')} }`];
    return `${operation}(${[...tensors.map(jsArray), rows, cols, ...given].join(', ')});`;
  },
};

function jsValue(value: Tensor | number | Reduction): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'object') return jsArray(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

function jsArray(tensor: Tensor): string {
  const { values, format } = tensor;
  const type = format === 'fp16' || format === 'bf16' ? 'Uint16Array' : values.constructor.name;
  const texts = (numbers: Iterable<number>): string[] => textsOf(numbers, format, (x) => formatFloat(x));
  const runs = runsOf(tensor);
  if (runs === null) return `${type}.of(${texts(values).join(', ')})`;
  const pairs = texts(runs.values).map((text, k) => `[${text}, ${runs.counts[k]}]`);
  return `${type}.from([${pairs.join(', ')}].flatMap(([x, n]) => Array(n).fill(x)))`;
}

/** What Python and C call options by other names than camel case gives. */
const names: Readonly<Record<string, string>> = {
  logSumExp: 'logsumexp',
  weights: 'b',
  classWeights: 'weight',
  rowWeights: 'sample_weight',
  upstream: 'grad_output',
};

/** `labelSmoothing` as `label_smoothing`. */
function snake(name: string): string {
  return names[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Python, with arrays made by `array` of nested lists and `repeated` of runs. */
function python(
  head: Language['head'],
  array: (list: string, tensor: Tensor) => string,
  repeated: (values: string, counts: string) => string,
): Language {
  const tensorOf = (tensor: Tensor): string => {
    const { values, shape } = tensor;
    const runs = runsOf(tensor);
    const list = (numbers: ArrayLike<number>): string =>
      `[${Array.from(numbers, (x) => pyNumber(x, formatFloat)).join(', ')}]`;
    if (runs !== null) {
      const reshaped = shape.length === 1 ? '' : `.reshape(${shape.join(', ')})`;
      return `${repeated(array(list(runs.values), tensor), list(runs.counts))}${reshaped}`;
    }
    if (shape.length === 1) return array(list(values), tensor);
    const [rows, cols] = shape;
    const nested = Array.from({ length: rows }, (_, r) => list(values.subarray(r * cols, (r + 1) * cols)));
    return array(`[${nested.join(', ')}]`, tensor);
  };
  const optionOf = (value: Tensor | number | Reduction): string => {
    if (typeof value === 'string') return `"${value}"`;
    return typeof value === 'number' ? pyNumber(value, String) : tensorOf(value);
  };
  return {
    head,
    call({ operation, tensors, options }) {
      const keywords = options.map(([name, value]) => `${snake(name)}=${optionOf(value)}`);
      return `${snake(operation)}(${[...tensors.map(tensorOf), ...keywords].join(', ')})`;
    },
  };
}

/** A number of Python, where -0 is an integer without a sign. */
function pyNumber(x: number, finite: (x: number) => string): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  return Object.is(x, -0) ? '-0.0' : finite(x);
}

const fromMath = (calls: readonly CallParts[]): string[] =>
  hasSpecial(calls) ? ['from math import inf, nan'] : [];

const numpyTypes = {
  fp32: 'np.float32',
  fp16: 'np.float16',
  bf16: 'ml_dtypes.bfloat16',
  int: 'np.int32',
  bool: 'bool',
};

/** Python with NumPy, which has BF16 by ml_dtypes. */
export const numpy = python(
  (calls) => [
    ...fromMath(calls),
    ...(arraysOf(calls).some(({ format }) => format === 'bf16') ? ['import ml_dtypes'] : []),
    'import numpy as np',
  ],
  (list, { format }) => `np.array(${list}, ${numpyTypes[format]})`,
  (values, counts) => `np.repeat(${values}, ${counts})`,
);

const torchTypes = { fp32: 'float32', fp16: 'float16', bf16: 'bfloat16', int: 'int64', bool: 'bool' };

/** Python with PyTorch. */
export const torch = python(
  (calls) => [...fromMath(calls), 'import torch'],
  (list, { format }) => `torch.tensor(${list}, dtype=torch.${torchTypes[format]})`,
  (values, counts) => `${values}.repeat_interleave(torch.tensor(${counts}))`,
);

/** C: declarations, with ranges as GCC and Clang have them. */
export const c: Language = {
  head: (calls) => [...(hasSpecial(calls) ? ['#include <math.h>'] : []), '#include <stdint.h>'],
  call({ operation, rows, cols, tensors, options }) {
    const arrays = options.flatMap(([, value]) => (typeof value === 'object' ? [value] : []));
    const scalars = options.flatMap(([name, value]) =>
      typeof value === 'object' ? [] : [cScalar(name, value)],
    );
    return [`// ${operation}, ${rows} x ${cols}`, ...[...tensors, ...arrays].map(cArray), ...scalars].join(
      '\n',
    );
  },
};

const cTypes = { fp32: 'float', fp16: 'uint16_t', bf16: 'uint16_t', int: 'int32_t', bool: 'uint8_t' };

function cArray(tensor: Tensor): string {
  const { name, values, format } = tensor;
  const texts = (numbers: Iterable<number>): string[] => textsOf(numbers, format, cNumber);
  const runs = runsOf(tensor);
  let from = 0;
  const ranges = runs?.counts.map((count) => {
    from += count;
    return count === 1 ? `[${from - 1}] = ` : `[${from - count} ... ${from - 1}] = `;
  });
  const items = texts(runs?.values ?? values).map((text, k) => `${ranges?.[k] ?? ''}${text}`);
  return `const ${cTypes[format]} ${snake(name)}[] = {${items.join(', ')}};`;
}

function cScalar(name: OptionName, value: number | Reduction): string {
  if (typeof value === 'string') return `// reduction ${value}`;
  return `const ${name === 'ignoreIndex' ? 'int' : 'float'} ${snake(name)} = ${cNumber(value)};`;
}

/** A number of C, where -0 is an integer without a sign. */
function cNumber(x: number): string {
  if (Number.isNaN(x)) return 'NAN';
  if (!Number.isFinite(x)) return x > 0 ? 'INFINITY' : '-INFINITY';
  return Object.is(x, -0) ? '-0.0f' : formatFloat(x);
}
