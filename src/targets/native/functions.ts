/** The functions of compiled code that a specifier wants: by their declarations, or by their names. */

import { type Operation, operations } from '../../core/operation.ts';
import type { Declaration } from '../../core/target.ts';
import { locating, UserError } from '../../text/errors.ts';
import { formatsOf } from '../create.ts';
import { conventionalNames, describeUnjudged, operationOfName } from '../names.ts';
import { type Binding, bindPrototype } from './binding.ts';
import { conventionalPrototype } from './convention.ts';
import { reductionsOf } from './declared-options.ts';
import { parsePrototype } from './prototype.ts';
import type { NativeSpecifier } from './specifier.ts';

/** A function that is wanted, and how it is called. */
export interface WantedFunction {
  readonly symbol: string;
  readonly binding: Binding;
  /** Its declaration in C. */
  readonly declaration: string;
  /** Whether that is only what its name suggests. */
  readonly isGuess: boolean;
}

/**
 * The functions that are wanted, each of an operation of its own; where none is named, those with a conventional name
 * that `isThere`; `similar` names are shown where there is none.
 * @throws UserError when one does not parse, could be anything, or is of no operation, when two are of the same, or when
 * there is none.
 */
export function wantedFunctions(
  { specifier, wanted }: NativeSpecifier,
  isThere: (symbol: string) => boolean,
  similar: readonly string[] = [],
  declaration: Declaration = {},
): WantedFunction[] {
  const functions =
    wanted.length > 0
      ? wanted.map((text) => wantedFunction(text, declaration))
      : operations.flatMap((each) => conventionalFunction(each, isThere, declaration));
  if (functions.length === 0)
    throw new UserError(
      `it has no function with a name like softmax, log_softmax, logsumexp, cross_entropy or softmax_backward${similar.length === 0 ? '' : `: it exports ${similar.join(', ')}`}`,
      `Name one: '${specifier}#void ${similar[0] ?? 'my_softmax'}(const float *logits, float *out, int rows, int cols)'.`,
    );
  for (const [k, { symbol, binding }] of functions.entries()) {
    const first = functions.findIndex((other) => other.binding.operation === binding.operation);
    if (first !== k)
      throw new UserError(
        `${functions[first].symbol} and ${symbol} are both ${binding.operation}`,
        'Give them to two targets: each is judged for itself.',
      );
  }
  return functions;
}

function wantedFunction(text: string, said: Declaration): WantedFunction {
  const isDeclared = text.includes('(');
  const symbol = isDeclared ? parsePrototype(text).name : text;
  if (symbol === null || !/^\w+$/.test(symbol))
    throw new UserError(
      isDeclared ? `the signature '${text}' names no function` : `'${text}' is no name of a function`,
      'Expected a name, or a declaration like void softmax(const float *logits, float *out, int rows, int cols).',
    );
  const operation = operationOfName(symbol);
  if (operation === null)
    throw new UserError(
      `${symbol} is a gradient of logsumexp by its name, and none is judged`,
      `The operations are: ${operations.join(', ')}.`,
    );
  return functionOf(symbol, operation, isDeclared ? text : null, said);
}

function conventionalFunction(
  operation: Operation,
  isThere: (symbol: string) => boolean,
  said: Declaration,
): WantedFunction[] {
  const symbol = conventionalNames(operation).find(isThere);
  return symbol === undefined ? [] : [functionOf(symbol, operation, null, said)];
}

function functionOf(
  symbol: string,
  operation: Operation,
  declared: string | null,
  said: Declaration,
): WantedFunction {
  const text = declared ?? conventionalPrototype(symbol, operation, formatsOf(said));
  const prototype = parsePrototype(text);
  const binding = locating(`the signature '${text}'`, () =>
    bindPrototype(prototype, operation, reductionsOf(said, operation)),
  );
  return { symbol, binding, declaration: text, isGuess: declared === null };
}

/** What to tell of functions in `names` that seem to be of the field and are not judged, where none was asked for. */
export function unjudgedFunctions(
  { specifier, wanted }: NativeSpecifier,
  names: readonly string[],
  judged: readonly WantedFunction[],
): string[] {
  if (wanted.length > 0) return [];
  const mangled = names.some((name) => name.startsWith('_Z'));
  return describeUnjudged(
    names,
    judged.map(({ symbol }) => symbol),
    (name) =>
      mangled
        ? `'${specifier}#name', with its declaration where that is another; in C++, declare it extern "C"`
        : `'${specifier}#${name}', with its declaration where that is another`,
  );
}
