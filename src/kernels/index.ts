/**
 * The two kernels that the package brings along, to call, to trace or to build upon.
 * @module softmax-fuzz/kernels
 */
export type { CompleteKernel, Kernel } from '../core/kernel.ts';
export { type Arithmetic, fp32 } from './arithmetic.ts';
export { type BuiltinKernel, builtinKernels } from './builtin.ts';
export { createNaive, naive } from './naive.ts';
export { createStable, stable } from './stable.ts';
