/** The built-in kernels as targets, with what is known to be wrong with them. */
import { knownOf } from '../core/known.ts';
import { operations } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { type FormatName, formats, inFp32 } from '../formats/index.ts';
import { builtinKernels } from '../kernels/builtin.ts';
import { storedIn } from '../kernels/stored.ts';
import { optionsFor } from '../options/index.ts';
import { unknownName } from '../text/nearest.ts';
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
    'logSumExp/nan/*', // With weights: of the softmax that it is made of.
    'logSumExp/special-value/*',
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
    'crossEntropyGrad/special-value/*', // NaN for the Infinity that zLoss makes.
    'softmaxGrad/nan/*',
    'softmaxGrad/infinite/*',
    'softmaxGrad/inaccurate/*',
    'softmaxGrad/zeroed/*',
    'logSoftmaxGrad/nan/*',
    'logSoftmaxGrad/infinite/*',
    'logSoftmaxGrad/inaccurate/*',
    'logSoftmaxGrad/zeroed/*',
    'logSoftmaxGrad/special-value/*', // NaN for the Infinity that a scale of the upstream values makes.
  ],
  stable: [
    'logSumExp/special-value/all-masked',
    'logSumExp/special-value/positive-infinity',
    'logSumExp/inaccurate/*/warning <= 2e-7', // With weights: two roundings of the size of the answer, 2^-24 each, where its budget has one.
    'crossEntropy/inaccurate/*/warning',
    'crossEntropy/zeroed/*/warning',
    'crossEntropy/infinite/*/warning',
    'crossEntropyGrad/inaccurate/*/warning',
  ],
};

/** Every option, of any value, in every operation. */
const options: NonNullable<Target['options']> = Object.fromEntries(
  operations.map((operation) => [operation, { names: optionsFor(operation), fixed: {} }]),
);

/** The names that the command line takes for built-in kernels. */
export const builtinNames = Object.keys(builtinKernels) as BuiltinName[];

/** Those, and the same in other formats. */
export const builtinSpecifiers: readonly string[] = Object.keys(formats).flatMap((format) =>
  builtinNames.map((name) => (format === 'fp32' ? name : `${name}@${format}`)),
);

/** Whether the specifier names a built-in kernel, in FP32 or another format. */
export function isBuiltin(specifier: string): boolean {
  return builtinOf(specifier) !== null;
}

/** The kernel and the format that a specifier names: `stable`, `stable@bf16`; null where it names none. */
export function builtinOf(
  specifier: string,
): { readonly name: BuiltinName; readonly format: FormatName } | null {
  const [name, format = 'fp32', ...rest] = specifier.split('@');
  if (!Object.hasOwn(builtinKernels, name) || !Object.hasOwn(formats, format) || rest.length > 0) return null;
  return { name: name as BuiltinName, format: format as FormatName };
}

/**
 * A built-in kernel as a target. Both add a row in one FP32 accumulator, whatever the format of logits and answers.
 * @throws UserError when the specifier names none.
 */
export function builtinTarget(specifier: string): Target {
  const builtin = builtinOf(specifier);
  if (builtin === null) throw unknownName('kernel', specifier, builtinSpecifiers);
  const { name, format } = builtin;
  return {
    name: specifier,
    specifier,
    kernel: storedIn(builtinKernels[name].kernel, formats[format]),
    profile: 'sequential',
    ...(format !== 'fp32' && { formats: { ...inFp32, logits: format, answer: format } }),
    options,
    laws: lawsOf({ batchInvariant: true }),
    known: known[name].map(knownOf),
    nonFinite: true,
  };
}
