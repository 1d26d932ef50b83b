/** From what the command line calls a target to the target. */

import type { Target } from '../core/target.ts';
import { flushesSubnormals } from '../oracle/sentinels.ts';
import { UserError } from '../text/errors.ts';
import { builtinTarget, isBuiltin } from './builtin.ts';
import { isProbed, loaderOf } from './load.ts';
import { LIBRARY_PREFIX } from './native/specifier.ts';
import { STDIO_PREFIX } from './prefixes.ts';
import { isolatedTarget } from './process/isolate.ts';
import { PROGRAM_PREFIX, programTarget } from './process/program.ts';
import type { Reach } from './process/reach.ts';
import { redeclared } from './redeclared.ts';
import { reloadable } from './reload.ts';

/**
 * The target of a specifier: `naive`, `stable`, `./kernel.mjs`, `./kernel.mjs#export`, `./kernel.mjs#export(row)`,
 * `npm:package`, `npm:package#export`, `lib:./libkernel.so#function`, `wasm:./kernel.wasm#function`, `wgsl:./kernel.wgsl`,
 * `onnx:./model.onnx#operation`, `onnx:operation`, `cmd:program arguments` or `stdio:`. All but the built-in kernels run in a process
 * of their own, which ends with this one.
 * @throws UserError when it names nothing, or what it names cannot be loaded, or not into this process.
 */
export async function resolveTarget(specifier: string, reach: Reach = {}): Promise<Target> {
  const { declared } = reach;
  if (isBuiltin(specifier)) return redeclared(builtinTarget(specifier), declared);
  if (specifier.startsWith(PROGRAM_PREFIX)) return programTarget(specifier, reach);
  if (specifier.startsWith(STDIO_PREFIX))
    return (await import('./process/stdio.ts')).stdioTarget(specifier, reach);
  const load = loaderOf(specifier);
  const late = isProbed(specifier) ? undefined : declared;
  if (!reach.inProcess) return redeclared(await isolatedTarget(specifier, reach), late);
  if (!mayLoadHere(specifier))
    throw new UserError(
      `target ${specifier}: a library is loaded into a process of its own only`,
      'It may crash, and make the process that judges it flush subnormals to zero. Leave out --in-process.',
    );
  const target = redeclared(await load(specifier, { declared }), late);
  if (flushesSubnormals())
    throw new UserError(
      `target ${specifier} makes the process that loads it flush subnormals to zero`,
      'A library linked with -ffast-math does that (GCC bug 55522). Leave out --in-process.',
    );
  return reloadable(target, () => load(specifier, { readings: target.readings, anew: ++loads, declared }));
}

/** How many times a target has been loaded anew into this process. */
let loads = 0;

/** Whether the target of `specifier` may be loaded into the process that judges it. */
export function mayLoadHere(specifier: string): boolean {
  return !specifier.startsWith(LIBRARY_PREFIX);
}
