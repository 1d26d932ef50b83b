/** Loads what a specifier names into this process: the campaign's own, or the one that a target is given. */

import type { Target } from '../core/target.ts';
import { UserError } from '../text/errors.ts';
import { unknownName } from '../text/nearest.ts';
import { builtinSpecifiers } from './builtin.ts';
import { type Loading, moduleTarget, type Readings } from './module.ts';
import { LIBRARY_PREFIX, WASM_PREFIX } from './native/specifier.ts';
import { PACKAGE_PREFIX } from './package.ts';
import { ONNX_PREFIX, WGSL_PREFIX } from './prefixes.ts';

/** A loader. Each load is a kernel that has not been called, of a module only where `anew` is a number of its own. */
export type Loader = (
  specifier: string,
  loading?: Loading,
) => Promise<Target & { readonly readings?: Readings }>;

/** The kinds of targets that are loaded, by the prefix of their specifiers. A process, of which a run starts many, imports one. */
const loaders: Readonly<Record<string, () => Promise<Loader>>> = {
  [LIBRARY_PREFIX]: async () => (await import('./native/library.ts')).libraryTarget,
  [WASM_PREFIX]: async () => (await import('./native/wasm.ts')).wasmTarget,
  [PACKAGE_PREFIX]: async () => (await import('./packages/target.ts')).packageTarget,
  [ONNX_PREFIX]: async () => (await import('./onnx/target.ts')).onnxTarget,
  [WGSL_PREFIX]: async () => (await import('./wgsl/target.ts')).wgslTarget,
};

/** Whether the functions of `specifier` are called while it is loaded: those of modules. */
export function isProbed(specifier: string): boolean {
  return specifier.startsWith(PACKAGE_PREFIX) || loaderOf(specifier) === moduleTarget;
}

/** Whether another load of the target is as if it had not been called, for all that it is itself: those that are no libraries. */
export function isReloadable(specifier: string): boolean {
  return isProbed(specifier) || specifier.startsWith(WASM_PREFIX);
}

/**
 * How the target of `specifier` is loaded: by its prefix, or as a module where it is a path.
 * @throws UserError when its prefix is not known, or it is no path.
 */
export function loaderOf(specifier: string): Loader {
  const [prefix] = /^[a-z]{2,}:/.exec(specifier) ?? [];
  if (prefix !== undefined) {
    if (Object.hasOwn(loaders, prefix)) return async (...given) => (await loaders[prefix]())(...given);
    throw new UserError(
      `target ${specifier}: targets of this kind are not supported`,
      `Give a path to an ES module, like ./kernel.mjs, or one of ${['cmd:', ...Object.keys(loaders)].join(', ')}.`,
    );
  }
  const path = specifier.replace(/#.*$/s, '');
  if (path.endsWith('.onnx'))
    throw new UserError(`target ${specifier} is no ES module`, `A model is ${ONNX_PREFIX}${specifier}.`);
  if (/[./\\]/.test(path)) return moduleTarget;
  throw unknownName('kernel', specifier, builtinSpecifiers);
}
