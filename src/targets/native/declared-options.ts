/** The options that functions of C declare, by their parameters and by what their code declares. */

import { answersBatch, type Operation, usesTargets } from '../../core/operation.ts';
import { type OptionName, type Reduction, reductions } from '../../core/options.ts';
import type { Declaration, DeclaredOptions } from '../../core/target.ts';
import { lossNames, optionNames } from '../../options/index.ts';
import { UserError } from '../../text/errors.ts';
import { type Binding, isDense } from './binding.ts';
import type { WantedFunction } from './functions.ts';
import { isOptionRole, optionOf } from './options.ts';
import { isNeutral } from './values.ts';

/** The numbers of reductions where none are declared: PyTorch's. */
const usual: readonly Reduction[] = ['none', 'mean', 'sum'];

/**
 * The reductions in the order of their numbers, from 0: as the declaration lists them, `{ "reduction": ["mean", "sum", "none"] }`, or PyTorch's.
 * @throws UserError when it lists others, or not all.
 */
export function reductionsOf({ options }: Declaration, operation: Operation): readonly Reduction[] {
  const listed = listOf(options?.[operation]);
  if (listed === null) return usual;
  if (listed.length === reductions.length && reductions.every((each) => listed.includes(each)))
    return listed as readonly Reduction[];
  throw new UserError(
    `it declares the reductions ${listed.join(', ')} of ${operation}: expected ${usual.join(', ')} in the order of their numbers`,
  );
}

function listOf(declared: DeclaredOptions | undefined): readonly unknown[] | null {
  const said = declared !== undefined && !Array.isArray(declared) ? declared : {};
  const { reduction } = said as { readonly reduction?: unknown };
  return Array.isArray(reduction) ? reduction : null;
}

/**
 * The declaration, with the options that the parameters of `functions` declare: of any value, or where a prototype gives one, of that. What the declaration
 * says of an operation itself goes before.
 * @throws UserError when it declares an option of any value of which the function has no parameter, or a reduction that the function has no room for.
 */
export function withParameters(declaration: Declaration, functions: readonly WantedFunction[]): Declaration {
  const options = { ...declaration.options } as Partial<Record<Operation, DeclaredOptions>>;
  for (const wanted of functions) {
    const { operation } = wanted.binding;
    const says = declaration.probabilities !== undefined && declaration.probabilities !== false;
    const taken = takenBy(wanted, options[operation], says);
    if (Object.keys(taken).length > 0) options[operation] = taken as DeclaredOptions;
  }
  return { ...declaration, ...(Object.keys(options).length > 0 && { options }) };
}

function takenBy(
  { declaration: text, binding }: WantedFunction,
  said: DeclaredOptions | undefined,
  saysProbabilities: boolean,
): Readonly<Record<string, unknown>> {
  const { operation, parameters } = binding;
  const free = parameters.flatMap(({ role }) => (isOptionRole(role) ? [optionOf(role)] : []));
  const fixed = parameters.flatMap(({ option, value }) =>
    option === null || value === null || isNeutral(option, value)
      ? []
      : [[optionOf(option), option === 'reduction' ? binding.reductions[value] : value] as const],
  );
  const named = [
    ...(said === undefined ? free : namesOf(said)),
    ...(saysProbabilities && usesTargets(operation) ? (['probabilities'] as const) : []),
  ];
  const missing = named.find((name) => !free.includes(name));
  if (missing !== undefined)
    throw new UserError(
      `it declares that ${operation} takes ${missing}, and '${text}' has no parameter for it`,
      'Name one like float scale, const uint8_t *mask, const float *bias, float softcap, const float *sinks; of losses int reduction, int ignore_index, const float *class_weights, float label_smoothing.',
    );
  const values = said === undefined || Array.isArray(said) ? {} : said;
  const taken = {
    ...Object.fromEntries(fixed),
    ...values,
    ...Object.fromEntries(
      named.map((name) => [name, name === 'probabilities' && isDense(binding) ? 'always' : true]),
    ),
  };
  const { reduction } = taken as { readonly reduction?: unknown };
  const isOfRows = reduction === undefined && binding.isLossOfRow;
  const isOfLoss = lossNames.some((name) => name in taken);
  const given = isOfRows && isOfLoss ? { ...taken, reduction: 'none' } : taken;
  checkReduction((given as { readonly reduction?: unknown }).reduction, binding, text);
  return given;
}

/** @throws UserError when the function has no room for what the reduction makes of the losses, or no numbers for it. */
function checkReduction(reduction: unknown, binding: Binding, text: string): void {
  if (reduction === undefined) return;
  const { operation, answer, isLossOfRow, parameters } = binding;
  if (isLossOfRow && reduction !== 'none')
    throw new UserError(
      `'${text}' is of the losses of rows, and its reduction is ${reduction === true ? 'any' : reduction}`,
      'Such a function has the reduction none.',
    );
  const mayBeNone = reduction === 'none' || reduction === true;
  if (!isLossOfRow && mayBeNone && answersBatch(operation) && answer === null)
    throw new UserError(
      `'${text}' returns one number, and with the reduction none there is one a row`,
      'Give it room, float *losses, or its reduction a number: int reduction = 1 is the mean.',
    );
  const upstream = parameters.find(({ role }) => role === 'lossUpstream');
  if (!isLossOfRow && mayBeNone && upstream?.isPointer === false)
    throw new UserError(
      `'${text}' takes one upstream value, and with the reduction none there is one a row`,
      'Expected const float *grad_output, or a reduction that is a number: int reduction = 1 is the mean.',
    );
}

function namesOf(declared: DeclaredOptions): readonly OptionName[] {
  const names = Array.isArray(declared)
    ? declared
    : Object.keys(declared).filter((name) => isFree(name, declared));
  return names.filter((name) => optionNames.includes(name));
}

function isFree(name: string, declared: DeclaredOptions): boolean {
  const value = declared[name as keyof DeclaredOptions] as unknown;
  if (name === 'reduction' && Array.isArray(value)) return true;
  return value === true || (name === 'probabilities' && value === 'always');
}
