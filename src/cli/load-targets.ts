/** The targets that a command line names. */

import type { Semantics } from '../core/semantics.ts';
import type { Target } from '../core/target.ts';
import { builtinNames, isBuiltin } from '../targets/builtin.ts';
import { isNative, withPrototype } from '../targets/native/specifier.ts';
import { ONNX_PREFIX, STDIO_PREFIX, WGSL_PREFIX } from '../targets/prefixes.ts';
import { PROGRAM_PREFIX } from '../targets/process/program.ts';
import { parseSignature } from '../targets/signature.ts';
import { UserError } from '../text/errors.ts';
import { inert } from '../text/inert.ts';
import { quoted } from '../text/shell.ts';
import { targetNamed } from './named.ts';
import type { ReachOptions } from './reach.ts';

/** Targets whose functions have no signatures, by their prefix. */
const withoutSignatures = [PROGRAM_PREFIX, STDIO_PREFIX, ONNX_PREFIX, WGSL_PREFIX];

/**
 * The targets, the built-in kernels when there is none, judged by `profile` and `semantics` when they are given. Those that would have the
 * same name are called by their functions too, and where that does not tell them apart by their specifiers.
 */
export async function loadTargets(
  specifiers: readonly string[],
  profile: string | undefined,
  options: ReachOptions,
  signature?: string,
  semantics?: Semantics,
): Promise<Target[]> {
  const named = specifiers.length === 0 ? builtinNames : specifiers;
  const signed =
    signature === undefined
      ? named
      : named.map((specifier) => {
          if (options.configured?.has(specifier))
            throw new UserError(
              `${specifier} is a name of the configuration: a signature is written into its target there`,
            );
          return withSignature(specifier, signature);
        });
  const targets: Target[] = [];
  for (const specifier of new Set(signed)) targets.push(await targetNamed(specifier, options));
  const nameOf = (target: Target): string =>
    [({ name }: Target) => name, withFunctions].find(
      (name) => targets.filter((other) => name(other) === name(target)).length === 1,
    )?.(target) ?? target.specifier;
  return targets.map((target) => ({
    ...target,
    name: nameOf(target),
    profile: profile ?? target.profile,
    ...(semantics && { semantics }),
  }));
}

/** The target's name and the functions that its specifier names, without what they take: `mine#softmax`. */
function withFunctions({ name, specifier }: Target): string {
  const [, list] = /#([^#/\\]*)$/s.exec(specifier) ?? [];
  if (list === undefined) return name;
  const functions = list.split(/,(?![^(]*\))/).map((each) => /(\w+)\s*\(/.exec(each)?.[1] ?? each.trim());
  return `${name}#${functions.join(',')}`;
}

/** Says on stderr what a user should know of how the target is judged. */
export function writeNotes({ name, notes = [] }: Target): void {
  for (const note of notes) process.stderr.write(`${inert(name)}: ${inert(note, 800)}\n`);
}

/**
 * `./kernel.mjs#name` and `(row)` to `./kernel.mjs#name(row)`; `./kernel.mjs` and `name(row)` to the same. Compiled code
 * has declarations in C.
 */
function withSignature(specifier: string, signature: string): string {
  if (isBuiltin(specifier) || withoutSignatures.some((prefix) => specifier.startsWith(prefix)))
    throw new UserError(`a signature is for a function of a module, and ${specifier} is none`);
  if (isNative(specifier)) return withPrototype(specifier, signature);
  parseSignature(signature);
  const list = signature.slice(signature.indexOf('('));
  if (specifier.includes('#')) return `${specifier}${list}`;
  if (list === signature)
    throw new UserError(
      `the signature ${signature} is for one function, and ${specifier} names none`,
      `Name it: ${quoted(`${specifier}#name`)}, or --signature ${quoted(`name${signature}`)}.`,
    );
  return `${specifier}#${signature.trim()}`;
}
