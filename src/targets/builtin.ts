/** The built-in kernels as targets, with what is known to be wrong with them. */
import { knownOf } from '../core/known.ts';
import type { Target } from '../core/target.ts';
import { builtinKernels } from '../kernels/builtin.ts';
import { lawsOf } from './create.ts';

/** The names of the built-in kernels. */
export type BuiltinName = keyof typeof builtinKernels;

/** What a campaign finds: the price of not subtracting the max, and what the article's loss still gets wrong. */
const known: Readonly<Record<BuiltinName, readonly string[]>> = {
  naive: [
    'softmax/nan/*',
    'softmax/zeroed/*',
    'softmax/inaccurate/*',
    'softmax/special-value/positive-infinity/warning',
    'logSoftmax/nan/*',
    'logSoftmax/infinite/*',
    'logSoftmax/special-value/*',
    'logSoftmax/inaccurate/*',
    'logSoftmax/zeroed/*',
    'logSumExp/infinite/*',
    'logSumExp/inaccurate/*',
    'logSumExp/zeroed/*',
    'crossEntropy/nan/*',
    'crossEntropy/infinite/*',
    'crossEntropy/special-value/*',
    'crossEntropy/inaccurate/*',
    'crossEntropy/zeroed/*',
    'crossEntropyGrad/nan/*',
    'crossEntropyGrad/infinite/*',
    'crossEntropyGrad/inaccurate/*',
    'crossEntropyGrad/out-of-range/*',
    'crossEntropyGrad/zeroed/*',
    'softmaxGrad/nan/*',
    'softmaxGrad/infinite/*',
    'softmaxGrad/inaccurate/*',
    'softmaxGrad/zeroed/*',
    'logSoftmaxGrad/nan/*',
    'logSoftmaxGrad/infinite/*',
    'logSoftmaxGrad/inaccurate/*',
    'logSoftmaxGrad/zeroed/*',
  ],
  stable: [
    'logSumExp/special-value/all-masked',
    'logSumExp/special-value/positive-infinity',
    'crossEntropy/inaccurate/*/warning',
    'crossEntropy/zeroed/*/warning',
    'crossEntropy/infinite/underflow/warning',
    'crossEntropyGrad/inaccurate/*/warning',
  ],
};

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
    laws: lawsOf({ batchInvariant: true }),
    known: known[name].map(knownOf),
    nonFinite: true,
  };
}
