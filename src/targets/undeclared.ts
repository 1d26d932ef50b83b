/** What a module seems to take and does not declare: it would be judged without it, in silence. */
import type { Operation } from '../core/operation.ts';
import type { OptionName } from '../core/options.ts';
import { optionNames } from '../options/index.ts';
import { declarationFields } from './declaration.ts';

/** A function that is judged by an operation. */
interface Named {
  readonly operation: Operation;
  readonly call: (...given: never[]) => unknown;
}

/** `softmax names options that are not asked of it: scale, mask`, of functions whose parameters are taken apart into options of which none is declared. */
export function describeUndeclared(
  functions: readonly Named[],
  isDeclared: (operation: Operation) => boolean,
): string[] {
  return functions.flatMap(({ operation, call }) => {
    const named = isDeclared(operation) ? [] : optionsIn(call);
    if (named.length === 0) return [];
    const list = named.map((name) => `'${name}'`).join(', ');
    return [
      `${operation} names options that are not asked of it, ${named.join(', ')}; to have them asked: export const target = { options: { ${operation}: [${list}] } }`,
    ];
  });
}

/** The options that the function's parameters name in braces: of `(x, rows, cols, { scale = 1, mask } = {})` scale and mask. */
function optionsIn(call: Named['call']): OptionName[] {
  const source = Function.prototype.toString.call(call);
  const parameters = source.slice(0, source.search(/\)\s*(=>|\{)/) + 1);
  const inBraces = parameters.match(/\{[^{}]*\}/g)?.join() ?? '';
  return optionNames.filter((name) => new RegExp(`\\b${name}\\b`).test(inBraces));
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
