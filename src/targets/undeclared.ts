/** What a module seems to take and is not given, or is asked and does not take: it would be judged so in silence. */
import { type Operation, operations } from '../core/operation.ts';
import type { OptionName } from '../core/options.ts';
import type { Declaration, DeclaredOptions } from '../core/target.ts';
import { optionSpecs, optionsFor } from '../options/index.ts';
import { contractReading } from './argument-orders.ts';
import { declarationFields } from './declaration.ts';
import { type Behind, parametersBehind } from './parameters.ts';

/** A function that is judged by an operation, called as the contract has it. */
interface Named {
  readonly operation: Operation;
  /** The function of the module itself: it is its source that is read. */
  readonly call: (...given: never[]) => unknown;
}

/** What is told of each of the functions, by the options that are declared of its operation. */
export function describeUndeclared(
  functions: readonly Named[],
  declaredOf: (operation: Operation) => DeclaredOptions | undefined,
): string[] {
  return functions.flatMap(({ operation, call }) => {
    const behind = parametersBehind(call, contractReading(operation).length);
    return behind === null ? [] : describeOne(operation, behind, declaredOf(operation));
  });
}

function describeOne(
  operation: Operation,
  { names, fields: options, isWhole }: Behind,
  declared: DeclaredOptions | undefined,
): string[] {
  if (
    options.includes('probabilities') &&
    declared !== undefined &&
    namesOf(declared).includes('probabilities')
  )
    return [
      `${operation} is given probabilities in the place of targets, and reads them as an option, which it is not given`,
    ];
  const known: readonly string[] = optionsFor(operation);
  const asked = declared === undefined ? [] : namesOf(declared);
  const named = known.filter((name) => options.includes(name) && !asked.includes(name));
  if (named.length > 0) {
    const list = named.map((name) => `'${name}'`).join(', ');
    const how =
      declared === undefined
        ? `to have them asked: export const target = { options: { ${operation}: [${list}] } }`
        : `to have them asked, declare ${asked.length === 0 ? `options: { ${operation}: [${list}] }` : list} too`;
    return [`${operation} names options that are not asked of it, ${named.join(', ')}; ${how}`];
  }
  const notGiven = declared === undefined ? names : names.slice(1);
  if (notGiven.length > 0)
    return [
      `${operation} is not given its ${notGiven.length === 1 ? 'parameter' : 'parameters'} ${notGiven.join(', ')}: options are fields of one argument behind those of the contract, { ${known.filter((name) => name !== 'probabilities').join(', ')} }, where they are declared`,
    ];
  const unread =
    isWhole && declared !== undefined
      ? freeIn(declared).filter((name) => name !== 'probabilities' && !options.includes(name))
      : [];
  if (unread.length === 0) return [];
  const others = options.filter((name) => !known.includes(name));
  return [
    `${operation} is asked ${unread.join(', ')} and takes no such option${others.length === 0 ? '' : `: it takes ${others.join(', ')}`}`,
  ];
}

function namesOf(declared: DeclaredOptions): readonly string[] {
  return Array.isArray(declared) ? declared : Object.keys(declared);
}

/** The options that may have any value: what is fixed may be built in. */
function freeIn(declared: DeclaredOptions): readonly string[] {
  if (Array.isArray(declared)) return declared;
  return Object.entries(declared).flatMap(([name, value]) => (value === true ? [name] : []));
}

/** Operations of which options are declared, and which the module does not have. */
export function describeUnoffered(
  { options = {} }: Pick<Declaration, 'options'>,
  offered: readonly Operation[],
): string[] {
  return operations
    .filter((each) => options[each] !== undefined && !offered.includes(each))
    .map(
      (each) =>
        `options of ${each} are declared, and no function is judged by it: those are judged by ${offered.join(', ')}`,
    );
}

/** Numbers that are fixed and no numbers of FP32, by which logits are scaled: JavaScript computes with the doubles. */
export function describeRounded({ options = {} }: Pick<Declaration, 'options'>): string[] {
  return Object.entries(options).flatMap(([operation, declared]) =>
    Object.entries(declared).flatMap(([name, value]) => {
      const spec = optionSpecs[name as OptionName];
      if (typeof value !== 'number' || spec?.kind !== 'stage' || Math.fround(value) === value) return [];
      return [
        `${operation} has ${name} ${value}, and is judged by ${Math.fround(value)}, the FP32 number next to it: a kernel that computes with the double is off where scores are large; Math.fround(${value}) is that number`,
      ];
    }),
  );
}

/** Exports that look like a declaration and are none, as they are not named `target`. */
export function describeMisnamed(exports: Readonly<Record<string, unknown>>): string[] {
  if (exports['target'] !== undefined) return [];
  const looksDeclared = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length > 0 &&
    Object.keys(value).every((key) => declarationFields.includes(key));
  return Object.keys(exports)
    .filter((name) => name !== 'default' && looksDeclared(exports[name]))
    .map((name) => `${name} is not read: what is declared is the export target`);
}
