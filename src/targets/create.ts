/** Targets made in the program that judges them. */

import { batchOf } from '../core/batch.ts';
import { UserError } from '../core/errors.ts';
import type { Kernel } from '../core/kernel.ts';
import { knownOf } from '../core/known.ts';
import { type Law, laws } from '../core/law.ts';
import { unknownName } from '../core/nearest.ts';
import type { Options } from '../core/options.ts';
import type { Declaration, Target } from '../core/target.ts';
import { type Formats, inFp32 } from '../formats/index.ts';
import { optionNames, withOptions } from '../options/index.ts';
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
  const formats = formatsOf(declaration);
  return {
    name: declaration.name ?? name,
    specifier,
    kernel,
    profile,
    ...(formats !== inFp32 && { formats }),
    ...(declaration.options && { options: takenOf(declaration.options) }),
    ...(declaration.layouts && { layouts: declaration.layouts }),
    ...(declaration.inPlace && { inPlace: true }),
    laws: lawsOf(declaration),
    known: known.map(knownOf),
    nonFinite,
    ...(rows !== undefined && { rows }),
    ...(cols !== undefined && { cols }),
  };
}

/**
 * The formats that a declaration names: one for all that is stored, or each.
 * @throws UserError when the arithmetic has fewer digits than FP32 and is not of the answer's format.
 */
export function formatsOf({ format = 'fp32' }: Declaration): Formats {
  const named = typeof format === 'string' ? { logits: format, answer: format } : format;
  const found: Formats = { ...inFp32, ...named };
  if (found.arithmetic !== 'fp32' && found.arithmetic !== found.answer)
    throw new UserError(
      `its arithmetic is ${found.arithmetic} and its answers are ${found.answer}`,
      `An arithmetic is fp32, or that of the answers: \`answer: '${found.arithmetic}'\`.`,
    );
  const isFp32 = Object.values(found).every((each) => each === 'fp32');
  return isFp32 ? inFp32 : found;
}

/**
 * The options that a declaration names.
 * @throws UserError when one does not exist, or a fixed value is none that it takes.
 */
function takenOf(declared: NonNullable<Declaration['options']>): NonNullable<Target['options']> {
  return Object.fromEntries(
    Object.entries(declared).map(([operation, options]) => {
      const entries: [string, unknown][] = Array.isArray(options)
        ? options.map((name) => [name, true])
        : Object.entries(options);
      for (const [name] of entries)
        if (!optionNames.some((each) => each === name)) throw unknownName('option', name, optionNames);
      const names = optionNames.filter((name) =>
        entries.some(([each, value]) => each === name && value === true),
      );
      const fixed = Object.fromEntries(entries.filter(([, value]) => value !== true));
      const one = withOptions(batchOf([[0]]), fixed as Options);
      return [operation, { names, fixed: one.options ?? {} }];
    }),
  );
}

/** The inverse: what declares these options, as JSON holds it. */
export function declarationOfTaken(taken: NonNullable<Target['options']>): Declaration['options'] {
  return Object.fromEntries(
    Object.entries(taken).map(([operation, { names, fixed }]) => {
      const free = names.map((name) => [name, true] as const);
      const values = Object.entries(fixed).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : Array.from(value),
      ]);
      return [operation, Object.fromEntries([...free, ...values])];
    }),
  );
}

/** The laws that a declaration does not except, or asks for. */
export function lawsOf({
  views = true,
  repeatable = true,
  batchInvariant = false,
  nonFinite = true,
  layouts = [],
}: Declaration): Law[] {
  const declared: Partial<Record<Law, boolean>> = {
    view: views,
    repeatable,
    'batch-invariant': batchInvariant,
    layout: layouts.some((layout) => layout !== 'rows'),
    'nan-isolation': nonFinite,
  };
  return laws.filter((law) => declared[law] ?? true);
}
