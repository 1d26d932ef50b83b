/** Declarations of C functions, as their authors write them. What the parameters are for is the matter of call.ts. */

import type { FormatName } from '../../formats/index.ts';
import { locating, UserError } from '../../text/errors.ts';

/** What a declaration says of a parameter, or of a function and its result. */
interface Declared {
  /** Null where it is left out. */
  readonly name: string | null;
  /** What it is, or points to, in one spelling of each type; null where it is left out. */
  readonly type: string | null;
  readonly isPointer: boolean;
  /** Whether what it points to is const. */
  readonly isConst: boolean;
}

/** A parameter as it is declared. */
export interface Parameter extends Declared {
  readonly type: string;
  /** The number that it always gets, from `float scale = 1`; of a pointer 0, NULL. */
  readonly value: number | null;
}

/** A function as it is declared. */
export interface Prototype {
  readonly name: string | null;
  /** The type of what it returns, void where it is left out. */
  readonly result: string;
  readonly parameters: readonly Parameter[];
}

/** The types that are known, and one spelling of each. */
const types: Readonly<Record<string, string>> = {
  void: 'void',
  float: 'float',
  double: 'double',
  int: 'int',
  unsigned: 'unsigned int',
  long: 'long',
  'unsigned long': 'unsigned long',
  'long long': 'long long',
  'unsigned long long': 'unsigned long long',
  int32_t: 'int32_t',
  uint32_t: 'uint32_t',
  int64_t: 'int64_t',
  uint64_t: 'uint64_t',
  size_t: 'size_t',
  ssize_t: 'intptr_t',
  ptrdiff_t: 'intptr_t',
  intptr_t: 'intptr_t',
  uintptr_t: 'uintptr_t',
  uint8_t: 'uint8_t',
  'unsigned char': 'uint8_t',
  bool: 'uint8_t',
  _Bool: 'uint8_t',
  uint16_t: 'uint16_t',
  'unsigned short': 'uint16_t',
  _Float16: '_Float16',
  __fp16: '_Float16',
  __half: '_Float16',
  __bf16: '__bf16',
  __nv_bfloat16: '__bf16',
};

/** The types of 16 bits, and the format that each is of; null of words that may be of either. */
const words: Readonly<Record<string, FormatName | null>> = {
  uint16_t: null,
  _Float16: 'fp16',
  __bf16: 'bf16',
};

/** Whether a type is of numbers of 16 bits. */
export function isWord(type: string): boolean {
  return Object.hasOwn(words, type);
}

/** The format that a type names; null where it is of words, or of FP32. */
export function formatOfType(type: string): FormatName | null {
  return words[type] ?? null;
}

const typeWords = new Set(Object.keys(types).flatMap((type) => type.split(' ')));
const qualifiers = new Set([
  'const',
  'restrict',
  '__restrict',
  '__restrict__',
  'volatile',
  'static',
  'inline',
]);
const example =
  'Expected a declaration like void softmax(const float *logits, float *out, int rows, int cols).';

/**
 * The function that `text` declares. Its name and result may be left out, and so may names of parameters.
 * @throws UserError when it does not parse, names a type that is not known, or returns a pointer.
 */
export function parsePrototype(text: string): Prototype {
  return locating(`the signature '${text}'`, () => {
    const [, head, list] = /^\s*(?:extern\s+"C")?([^()]*)\(([^()]*)\)[\s;]*$/.exec(text) ?? [];
    if (head === undefined || list === undefined) throw new UserError('it does not parse', example);
    const { name, type, isPointer } = parseDeclared(head);
    if (isPointer)
      throw new UserError(
        'it returns a pointer',
        'Expected void and a parameter for the answer, a float, or an int that is 0 for success.',
      );
    const parameters = /^\s*(void)?\s*$/.test(list) ? [] : list.split(',').map(parseParameter);
    return { name, result: type ?? 'void', parameters };
  });
}

function parseParameter(text: string): Parameter {
  const [, declared = text, value] = /^(.*?)(?:=(.*))?$/s.exec(text) ?? [];
  const { type, ...others } = parseDeclared(declared);
  const number = value === undefined ? null : numberIn(value.trim());
  if (Number.isNaN(number)) throw new UserError(`'${text.trim()}' gives no number`, example);
  if (others.isPointer && number !== null && number !== 0)
    throw new UserError(`'${text.trim()}' is no pointer: expected NULL`, example);
  if (type === null || (type === 'void' && !others.isPointer))
    throw new UserError(`'${text.trim()}' has no type`, example);
  return { ...others, type, value: number };
}

/** The number that a literal of C is; NaN where it is none. */
function numberIn(literal: string): number {
  if (/^(NULL|nullptr)$/.test(literal)) return 0;
  if (/^[+-]?INFINITY$/.test(literal)) return literal.startsWith('-') ? -Infinity : Infinity;
  return Number(literal.replace(/f$/i, '') || Number.NaN);
}

function parseDeclared(text: string): Declared {
  const tokens = text.replaceAll('std::', '').match(/\w+|\S/g) ?? [];
  const stars = tokens.filter((token) => token === '*' || token === '[').length;
  const words = tokens.filter((token) => /^[a-z_]/i.test(token) && !qualifiers.has(token));
  const ofType = words
    .filter((word) => typeWords.has(word))
    .sort()
    .reverse(); // As in unsigned long int.
  const names = words.filter((word) => !typeWords.has(word));
  const type = types[ofType.join(' ')] ?? types[ofType.filter((word) => word !== 'int').join(' ')] ?? null;
  if (tokens.some((token) => !/^[\w*[\]]/.test(token)) || stars > 1)
    throw new UserError(`'${text.trim()}' does not parse`, example);
  if (names.length > 1 || (type === null && ofType.length > 0))
    throw new UserError(
      `the type of '${text.trim()}' is not known`,
      'Known are float, _Float16, __bf16, uint16_t, uint8_t, double, int, unsigned, long, int32_t, int64_t, size_t and their kin.',
    );
  const pointer = tokens.findIndex((token) => token === '*' || token === '[');
  return {
    name: names[0] ?? null,
    type,
    isPointer: pointer !== -1,
    isConst: pointer !== -1 && tokens.slice(0, pointer).includes('const'),
  };
}

/** Whether a type is one of integers. */
export function isInteger(type: string): boolean {
  return !['float', 'double', 'void'].includes(type) && !isWord(type);
}
