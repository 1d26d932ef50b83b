/** The built-in kernels as targets, with what is known to be wrong with them. */
import type { Target } from '../core/target.ts';
import { builtinKernels } from '../kernels/builtin.ts';

/** The names of the built-in kernels. */
export type BuiltinName = keyof typeof builtinKernels;

const known: Readonly<Record<BuiltinName, readonly string[]>> = { naive: [], stable: [] };

/** The names that the command line takes for built-in kernels. */
export const builtinNames = Object.keys(builtinKernels) as BuiltinName[];

/** Whether `name` names a built-in kernel. */
export function isBuiltin(name: string): name is BuiltinName {
  return Object.hasOwn(builtinKernels, name);
}

/** A built-in kernel as a target. Both add a row in one FP32 accumulator. */
export function builtinTarget(name: BuiltinName): Target {
  return {
    name,
    specifier: name,
    kernel: builtinKernels[name].kernel,
    profile: 'sequential',
    known: known[name],
  };
}
