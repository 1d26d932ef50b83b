/** Targets made in the program that judges them. */
import type { Kernel } from '../core/kernel.ts';
import { knownOf } from '../core/known.ts';
import { type Law, laws } from '../core/law.ts';
import type { Declaration, Target } from '../core/target.ts';
import { profileNamed } from '../row/profile.ts';

/**
 * A kernel with its declaration resolved: the profile is `default`, nothing is known, every law but batch invariance is
 * held, and it is given NaN and +Infinity too, unless it says otherwise.
 * `specifier` is what a command line would call it.
 * @throws UserError when it declares a profile that does not exist, or a known bucket without its bound.
 */
export function createTarget(
  name: string,
  kernel: Kernel,
  declaration: Declaration = {},
  specifier: string = name,
): Target {
  const { ftz = false, known = [], nonFinite = true, rows, cols } = declaration;
  const profile = `${declaration.profile ?? 'default'}${ftz ? '+ftz' : ''}`;
  profileNamed(profile);
  return {
    name: declaration.name ?? name,
    specifier,
    kernel,
    profile,
    laws: lawsOf(declaration),
    known: known.map(knownOf),
    nonFinite,
    ...(rows !== undefined && { rows }),
    ...(cols !== undefined && { cols }),
  };
}

/** The laws that a declaration does not except, or asks for. */
export function lawsOf({
  views = true,
  repeatable = true,
  batchInvariant = false,
  nonFinite = true,
}: Declaration): Law[] {
  const declared: Partial<Record<Law, boolean>> = {
    view: views,
    repeatable,
    'batch-invariant': batchInvariant,
    'nan-isolation': nonFinite,
  };
  return laws.filter((law) => declared[law] ?? true);
}
