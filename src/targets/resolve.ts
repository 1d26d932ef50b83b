/** From what the command line calls a target to the target. */
import { UserError } from '../core/errors.ts';
import { unknownName } from '../core/nearest.ts';
import type { Target } from '../core/target.ts';
import { builtinNames, builtinTarget, isBuiltin } from './builtin.ts';
import { moduleTarget } from './module.ts';

/**
 * The target of a specifier: `naive`, `stable`, `./kernel.mjs` or `./kernel.mjs#export`.
 * @throws UserError when it names nothing, or what it names cannot be loaded.
 */
export async function resolveTarget(specifier: string): Promise<Target> {
  if (isBuiltin(specifier)) return builtinTarget(specifier);
  const [, path = specifier, exportName = null] = /^(.*)#([^#/\\]*)$/s.exec(specifier) ?? [];
  if (/^[a-z]+:/.test(path) && !/^[a-z]:[\\/]/i.test(path)) {
    throw new UserError(
      `target ${specifier}: targets of this kind are not supported`,
      'Give a path to an ES module, like ./kernel.mjs.',
    );
  }
  if (!/[./\\]/.test(path)) throw unknownName('kernel', specifier, builtinNames);
  return moduleTarget(specifier, path, exportName);
}
