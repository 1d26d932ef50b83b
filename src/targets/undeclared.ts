/** What a module seems to take and is not given, or is asked and does not take: it would be judged so in silence. */
import { type Operation, operations } from '../core/operation.ts';
import type { Declaration, DeclaredOptions } from '../core/target.ts';
import { optionsFor } from '../options/index.ts';
import { declarationFields } from './declaration.ts';
import { contractReading } from './readings.ts';

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
    const parameters = parametersOf(call);
    if (parameters === null) return [];
    return describeOne(operation, parameters, declaredOf(operation));
  });
}

function describeOne(operation: Operation, of: Parameters, declared: DeclaredOptions | undefined): string[] {
  const { names, options, isWhole } = of.behind(contractReading(operation).length);
  if (
    options.includes('probabilities') &&
    declared !== undefined &&
    namesOf(declared).includes('probabilities')
  )
    return [
      `${operation} is given probabilities in the place of targets, and reads them as an option, which it is not given`,
    ];
  const known: readonly string[] = [...optionsFor(operation), 'temperature'];
  const asked = declared === undefined ? [] : namesOf(declared);
  const isInverse = (name: string, of: readonly string[]): boolean =>
    name === 'temperature' ? of.includes('scale') : name === 'scale' && of.includes('temperature');
  const named = known.filter(
    (name) =>
      options.includes(name) &&
      !asked.includes(name) &&
      !isInverse(name, asked) &&
      !(name === 'temperature' && isInverse(name, options)),
  );
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

/** What stands behind the arguments of the contract. */
interface Behind {
  /** The names of parameters that are not taken apart. */
  readonly names: readonly string[];
  /** The fields that are taken of the first of them. */
  readonly options: readonly string[];
  /** Whether it can have no others. */
  readonly isWhole: boolean;
}

interface Parameters {
  readonly behind: (count: number) => Behind;
}

/** The parameters in the source of a function; null where it has none that can be read. */
function parametersOf(call: Named['call']): Parameters | null {
  const source = Function.prototype.toString.call(call).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const start = source.indexOf('(');
  if (start === -1 || /^(async\s+)?[\w$]+\s*=>/.test(source) || /\{\s*\[native code\]\s*\}$/.test(source))
    return null;
  const { parts, end } = partsOf(source, start);
  const body = source.slice(end);
  return {
    behind(count) {
      const [first, ...others] = parts.slice(count);
      const isOpen = parts.some((each) => each.startsWith('...')) || /\barguments\b/.test(body);
      if (first === undefined || first.startsWith('...')) return { names: [], options: [], isWhole: !isOpen };
      const names = others.flatMap((each) => /^[\w$]+/.exec(each)?.[0] ?? []);
      if (first.startsWith('{')) {
        const fields = partsOf(first, 0).parts;
        const options = fields.flatMap((each) => /^[\w$]+/.exec(each)?.[0] ?? []);
        return { names, options, isWhole: !isOpen && options.length === fields.length };
      }
      const [name] = /^[\w$]+/.exec(first) ?? [];
      if (name === undefined) return { names, options: [], isWhole: false };
      return { names: [name, ...names], options: fieldsOf(name, body), isWhole: false };
    },
  };
}

/** The fields that are read of the variable, `options.scale`, or `{ scale } = options`. */
function fieldsOf(name: string, body: string): string[] {
  const variable = name.replaceAll('$', '\\$');
  const read = [...body.matchAll(new RegExp(`(?<![\\w$.])${variable}\\s*\\??\\.\\s*([\\w$]+)`, 'g'))];
  const apart = [...body.matchAll(new RegExp(`\\{([^{}]*)\\}\\s*=\\s*${variable}(?![\\w$])`, 'g'))];
  return [
    ...read.map(([, field]) => field),
    ...apart.flatMap(([, fields]) => fields.split(',').flatMap((each) => /[\w$]+/.exec(each)?.[0] ?? [])),
  ];
}

/** What stands between the bracket at `start` and its other one, at its commas; `end` is behind it. */
function partsOf(source: string, start: number): { readonly parts: string[]; readonly end: number } {
  const parts: string[] = [];
  let from = start + 1;
  let depth = 0;
  for (let k = start; k < source.length; k++) {
    if ('([{'.includes(source[k])) depth++;
    const isEnd = ')]}'.includes(source[k]) && --depth === 0;
    if (isEnd || (source[k] === ',' && depth === 1)) {
      parts.push(source.slice(from, k).trim());
      from = k + 1;
    }
    if (isEnd) return { parts: parts.filter((each) => each !== ''), end: k + 1 };
  }
  return { parts: [], end: source.length };
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
