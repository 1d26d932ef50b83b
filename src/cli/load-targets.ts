/** The targets that a command line names. */
import type { Target } from '../core/target.ts';
import { builtinNames } from '../targets/builtin.ts';
import type { Reach } from '../targets/process/reach.ts';
import { resolveTarget } from '../targets/resolve.ts';

/**
 * The targets, the built-in kernels when none is named, judged by `profile` when it is given. Those that would have the
 * same name are called by their specifiers.
 */
export async function loadTargets(
  specifiers: readonly string[],
  profile: string | undefined,
  reach: Reach,
): Promise<Target[]> {
  const targets: Target[] = [];
  for (const specifier of new Set(specifiers.length === 0 ? builtinNames : specifiers)) {
    targets.push(await resolveTarget(specifier, reach));
  }
  const isAlone = ({ name }: Target): boolean => targets.filter((other) => other.name === name).length === 1;
  return targets.map((target) => ({
    ...target,
    name: isAlone(target) ? target.name : target.specifier,
    profile: profile ?? target.profile,
  }));
}
