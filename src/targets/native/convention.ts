/** What functions are called in C, and the prototypes that they then have unless another is given. */
import type { Operation } from '../../core/operation.ts';

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

/** The declaration that a function called `symbol` is taken to have. */
export function conventionalPrototype(symbol: string, operation: Operation): string {
  const [result, parameters] = conventional[operation];
  return `${result} ${symbol}(${parameters})`;
}

/** What makes a name that of an operation, the first that is found; what has none of them is a softmax. */
const words: readonly (readonly [word: RegExp, forward: Operation, gradient: Operation | null])[] = [
  [/crossentropy|xent|nll|loss/, 'crossEntropy', 'crossEntropyGrad'],
  [/logsumexp|lse/, 'logSumExp', null],
  [/logsoftmax/, 'logSoftmax', 'logSoftmaxGrad'],
  [/(?:)/, 'softmax', 'softmaxGrad'],
];

/** The operation of a function called `symbol`: `log_softmax_backward` is logSoftmaxGrad. Null for one that there is none of. */
export function operationOfSymbol(symbol: string): Operation | null {
  const name = symbol.toLowerCase().replaceAll('_', '');
  const [, forward, gradient] = words.find(([word]) => word.test(name)) as (typeof words)[number];
  return /grad|backward|bwd|vjp/.test(name) ? gradient : forward;
}

/** What a function of `operation` may be called where none is named: `log_softmax`, `logSoftmax`, `logsoftmax`. */
export function conventionalSymbols(operation: Operation): string[] {
  const names = [operation, operation.replace(/Grad$/, 'Backward')];
  const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [...new Set(names.flatMap((name) => [snake(name), name, name.toLowerCase()]))];
}
