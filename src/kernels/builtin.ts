/** The two kernels that the package brings along, by name. */
import type { CompleteKernel } from '../core/kernel.ts';
import type { Arithmetic } from './arithmetic.ts';
import { createNaive, naive } from './naive.ts';
import { createStable, stable } from './stable.ts';

/** A kernel together with its recipe, from which a trace builds its own copy. */
export interface BuiltinKernel {
  /** The kernel over another arithmetic; every step goes through it. */
  readonly create: (arithmetic: Arithmetic) => CompleteKernel;
  /** `create(fp32)`. */
  readonly kernel: CompleteKernel;
}

/** The built-in kernels by the name that the command line takes. */
export const builtinKernels: Readonly<Record<'naive' | 'stable', BuiltinKernel>> = {
  naive: { create: createNaive, kernel: naive },
  stable: { create: createStable, kernel: stable },
};
