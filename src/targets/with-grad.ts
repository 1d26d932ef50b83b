/** Functions that answer a loss and its gradient in one call: `crossEntropyWithGrad(logits, targets, rows, cols, options)` gives `{ loss, grad }`. */
import { CallFailure } from './call-failure.ts';
import { describeReturned } from './describe.ts';
import { isThenable } from './observe.ts';

/** What such a function is called. */
export const WITH_GRAD = 'crossEntropyWithGrad';

type Call = (logits: Float32Array, ...rest: readonly unknown[]) => unknown;

/** What it answers. */
interface LossAndGradient {
  readonly loss: unknown;
  /** Left out where it is in the logits' own array. */
  readonly grad?: unknown;
}

/**
 * The loss and its gradient, each by a call of `both`, which sees `owner` as `this`. Where it may answer in place, the loss is asked with logits that nobody
 * looks at afterwards.
 */
export function partsOfBoth(
  both: Call,
  owner: unknown,
  isInPlace: boolean,
): { readonly crossEntropy: Call; readonly crossEntropyGrad: Call } {
  const ask =
    (part: (answer: LossAndGradient) => unknown): Call =>
    (logits, ...rest) => {
      const answer = both.call(owner, logits, ...rest);
      return isThenable(answer)
        ? Promise.resolve(answer).then((each) => part(checked(each)))
        : part(checked(answer));
    };
  const loss = ask((answer) => answer.loss);
  return {
    crossEntropy: isInPlace ? (logits, ...rest) => loss(logits.slice(), ...rest) : loss,
    crossEntropyGrad: ask((answer) => answer.grad),
  };
}

function checked(answer: unknown): LossAndGradient {
  if (typeof answer === 'object' && answer !== null && 'loss' in answer) return answer as LossAndGradient;
  throw new CallFailure('bad-shape', `returned ${describeReturned(answer)}: expected { loss, grad }`);
}
