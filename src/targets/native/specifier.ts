/** Specifiers of compiled code: `lib:./libk.so#softmax,logsumexp`, `wasm:./k.wasm#void f(float *x, int n)`. */
import { basename } from 'node:path';
import { UserError } from '../../text/errors.ts';
import { existingFile } from '../file.ts';
import { parsePrototype } from './prototype.ts';

/** The prefix of shared libraries. */
export const LIBRARY_PREFIX = 'lib:';

/** The prefix of WebAssembly modules. */
export const WASM_PREFIX = 'wasm:';

/** Whether what a specifier names is compiled code, whose functions have declarations in C. */
export function isNative(specifier: string): boolean {
  return specifier.startsWith(LIBRARY_PREFIX) || specifier.startsWith(WASM_PREFIX);
}

/** A file of compiled code and what is wanted of it. */
export interface NativeSpecifier {
  readonly specifier: string;
  /** Absolute. */
  readonly file: string;
  /** How reports call it unless it says otherwise. */
  readonly name: string;
  /** Symbols or declarations; empty where everything with a conventional name is wanted. */
  readonly wanted: readonly string[];
}

/**
 * The parts of a specifier with this prefix.
 * @throws UserError when there is no such file.
 */
export function parseNativeSpecifier(specifier: string, prefix: string): NativeSpecifier {
  const [, path, list = ''] = /^(.*?)(?:#([^#]*))?$/s.exec(specifier.slice(prefix.length)) as RegExpExecArray;
  const expected = `Expected ${prefix}./file, or ${prefix}./file#function.`;
  const file = existingFile(`target ${specifier}`, path, expected);
  const wanted = list.split(/,(?![^(]*\))/).map((each) => each.trim());
  const symbols = wanted.map((each) => /(\w+)\s*\(/.exec(each)?.[1] ?? each);
  const base = basename(file).replace(/\.(so|dylib|dll|wasm)(\.\d+)*$/, '');
  return list === ''
    ? { specifier, file, name: base, wanted: [] }
    : { specifier, file, name: `${base}#${symbols.join(',')}`, wanted };
}

/**
 * The specifier with a declaration of its function: `lib:./k.so` and `void f(float *x, int n)` to
 * `lib:./k.so#void f(float *x, int n)`; where it has a function, the declaration is of that one.
 * @throws UserError when the declaration does not parse, or there is no name.
 */
export function withPrototype(specifier: string, declaration: string): string {
  const { name, result } = parsePrototype(declaration);
  const list = declaration.slice(declaration.indexOf('('));
  const [path, symbol] = specifier.split('#');
  if (symbol !== undefined) return `${path}#${result} ${symbol}${list}`;
  if (name !== null) return `${path}#${declaration.trim()}`;
  throw new UserError(
    `the signature ${declaration} is for one function, and ${specifier} names none`,
    `Name it: '${specifier}#name${list}'.`,
  );
}
