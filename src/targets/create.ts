/** Targets made in the program that judges them. */
import type { Kernel } from '../core/kernel.ts';
import type { Declaration, Target } from '../core/target.ts';
import { profileNamed } from '../judge/profile.ts';

/**
 * A kernel with its declaration resolved: the profile is `default` and nothing is known unless it says otherwise.
 * `specifier` is what a command line would call it.
 * @throws UserError when it declares a profile that does not exist.
 */
export function createTarget(
  name: string,
  kernel: Kernel,
  declaration: Declaration = {},
  specifier: string = name,
): Target {
  const { ftz = false, known = [] } = declaration;
  const profile = `${declaration.profile ?? 'default'}${ftz ? '+ftz' : ''}`;
  profileNamed(profile);
  return { name: declaration.name ?? name, specifier, kernel, profile, known };
}
