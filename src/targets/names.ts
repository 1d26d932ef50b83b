/** What functions are called, in JavaScript and in C, and the operation that a name suggests. */
import { type Operation, operations } from '../core/operation.ts';

/** What makes a name that of an operation, the first that is found; what has none of them is a softmax. */
const words: readonly (readonly [word: RegExp, forward: Operation, gradient: Operation | null])[] = [
  [/crossentropy|xent|nll|loss/, 'crossEntropy', 'crossEntropyGrad'],
  // A softmax by its lse is a softmax.
  [/(?:logsumexp|lse)(?!.*softmax)/, 'logSumExp', null],
  [/logsoftmax/, 'logSoftmax', 'logSoftmaxGrad'],
  [/(?:)/, 'softmax', 'softmaxGrad'],
];

/** The operation of a function called `name`: `log_softmax_backward` is logSoftmaxGrad. Null for one that there is none of. */
export function operationOfName(name: string): Operation | null {
  const plain = plainName(name);
  const [, forward, gradient] = words.find(([word]) => word.test(plain)) as (typeof words)[number];
  return /grad|backward|bwd|vjp/.test(plain) ? gradient : forward;
}

/** What a function of `operation` may be called where none is named: `log_softmax`, `logSoftmax`, `logsoftmax`. */
export function conventionalNames(operation: Operation): string[] {
  const names = [operation, operation.replace(/Grad$/, 'Backward')];
  const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [...new Set(names.flatMap((name) => [snake(name), name, name.toLowerCase()]))];
}

const allConventional: ReadonlySet<string> = new Set(operations.flatMap(conventionalNames));

/** Whether a function called `name` looks like one of the field's operations. */
export function isOfField(name: string): boolean {
  if (allConventional.has(name)) return true;
  const parts = name.split(/_|(?<=[a-z0-9])(?=[A-Z])/).map((part) => part.toLowerCase());
  return (
    /softmax|crossentropy|logsumexp|xent/.test(plainName(name)) ||
    parts.some((part) => ['lse', 'nll', 'nllloss'].includes(part))
  );
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

/**
 * What to tell of the functions in `names` that seem to be of the field and are not judged; `example` is how one of them is
 * written in a specifier.
 */
export function describeUnjudged(
  names: readonly string[],
  judged: readonly string[],
  example: (name: string) => string,
): string[] {
  const left = names.filter((name) => isOfField(name) && !judged.includes(name));
  if (left.length === 0) return [];
  return [`not judged: ${left.join(', ')}; to have one judged, name it: ${example(left[0])}`];
}
