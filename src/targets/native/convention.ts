/** The prototypes that functions of C with conventional names (names.ts) have unless another is given. */

import type { Operation } from '../../core/operation.ts';
import { inFp32 } from '../../formats/index.ts';

/** The prototype of each operation, but for its name. */
const conventional: Readonly<Record<Operation, readonly [result: string, parameters: string]>> = {
  softmax: ['void', 'const float *logits, float *out, int rows, int cols'],
  logSoftmax: ['void', 'const float *logits, float *out, int rows, int cols'],
  logSumExp: ['void', 'const float *logits, float *out, int rows, int cols'],
  crossEntropy: ['float', 'const float *logits, const int *targets, int rows, int cols'],
  crossEntropyGrad: ['void', 'const float *logits, const int *targets, float *out, int rows, int cols'],
  softmaxGrad: ['void', 'const float *upstream, const float *logits, float *out, int rows, int cols'],
  logSoftmaxGrad: ['void', 'const float *upstream, const float *logits, float *out, int rows, int cols'],
};

/** The declaration that a function called `symbol` is taken to have; arrays of 16-bit formats are words. */
export function conventionalPrototype(symbol: string, operation: Operation, formats = inFp32): string {
  const [result, parameters] = conventional[operation];
  const typed = parameters.replace(/float \*(\w+)/g, (_, name) => {
    const format = name === 'out' ? formats.answer : formats.logits;
    return `${format === 'fp32' ? 'float' : 'uint16_t'} *${name}`;
  });
  return `${result} ${symbol}(${typed})`;
}
