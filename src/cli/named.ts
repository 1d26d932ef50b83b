/** Targets as command lines name them: by a specifier, or by their name in the configuration. */

import type { Target } from '../core/target.ts';
import { builtinSpecifiers, isBuiltin } from '../targets/builtin.ts';
import type { Reach } from '../targets/process/reach.ts';
import { resolveTarget } from '../targets/resolve.ts';
import { UserError } from '../text/errors.ts';
import { unknownName } from '../text/nearest.ts';
import { type ReachOptions, reachOf } from './reach.ts';

/**
 * What a name stands for, and how that is reached.
 * @throws UserError when it is neither a name of the configuration, nor of a built-in kernel, nor looks like a specifier.
 */
export function named(
  name: string,
  options: ReachOptions,
): { readonly specifier: string; readonly reach: Reach } {
  if (name.endsWith('\n'))
    throw new UserError(`target ${name} ends in a line feed`, 'No line of a shell could name it again.');
  const reach = reachOf(options);
  const { configured } = options;
  if (configured === undefined || isBuiltin(name)) return { specifier: name, reach };
  const target = configured.get(name);
  if (target !== undefined) return { specifier: target.specifier, reach: { ...reach, ...target.reach } };
  if (/^[\w-]+$/.test(name)) throw unknownName('target', name, [...configured.keys(), ...builtinSpecifiers]);
  return { specifier: name, reach };
}

/** The target of that name, whose process shows what it writes to stderr where `showStderr` says so. */
export async function targetNamed(name: string, options: ReachOptions, showStderr = false): Promise<Target> {
  const { specifier, reach } = named(name, options);
  // What a configuration declares of a specifier is found again by its name alone.
  return { ...(await resolveTarget(specifier, { ...reach, showStderr })), specifier: name };
}
