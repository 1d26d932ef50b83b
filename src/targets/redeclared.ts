/** Targets of which something else is declared than they declare themselves. */

import { declarationOf } from '../core/known.ts';
import type { Law } from '../core/law.ts';
import type { Declaration, Target } from '../core/target.ts';
import { UserError } from '../text/errors.ts';
import { createTarget, declarationOfTaken } from './create.ts';

/** What declares the target as it is, as JSON holds it. Its profile has its `+ftz`, as it was resolved. */
export function declarationOfTarget(target: Target): Declaration {
  const { name, profile, formats, options, semantics, layouts, inPlace, known, nonFinite, laws } = target;
  const { limits, rows, cols } = target;
  const holds = (law: Law): boolean => laws.includes(law);
  const declared = {
    name,
    profile,
    format: formats,
    options: options && declarationOfTaken(options),
    semantics,
    layouts,
    inPlace,
    known: known.map(declarationOf),
    nonFinite,
    ...limits,
    rows,
    cols,
    views: holds('view'),
    repeatable: holds('repeatable'),
    batchInvariant: holds('batch-invariant'),
  };
  return Object.fromEntries(Object.entries(declared).filter(([, value]) => value !== undefined));
}

/** What is of the kernel itself, where that does not ask its declaration how it is to be called. */
const ofKernel = ['format', 'options', 'probabilities', 'layouts', 'inPlace'] as const;

/**
 * The target, judged by what is declared of it in place of what it declares itself; as it is where nothing is declared.
 * @throws UserError when that is how it is called: its format, its options, its layouts.
 */
export function redeclared<T extends Target>(target: T, declared: Declaration = {}): T {
  if (Object.keys(declared).length === 0) return target;
  const fixed = ofKernel.find((field) => declared[field] !== undefined);
  if (fixed !== undefined)
    throw new UserError(
      `target ${target.specifier}: its ${fixed} cannot be declared from outside`,
      'Only modules and programs are called as a configuration declares it; others say it by their specifier, or themselves.',
    );
  const [profile] = target.profile.split('+');
  const ftz = target.profile !== profile;
  const own = { ...declarationOfTarget(target), profile, ftz };
  const { kernel, name, specifier } = target;
  const { aftermath: _, ...judged } = createTarget(name, kernel, { ...own, ...declared }, specifier);
  return { ...target, ...judged }; // The arrays are those of the kernel that is there.
}
