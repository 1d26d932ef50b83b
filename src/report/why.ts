/** One sentence on what kind of failure it is and what in the input sets it off. */
import type { Finding } from '../core/finding.ts';
import type { Kind } from '../core/violation.ts';

const triggerWords: Readonly<Record<string, string>> = {
  nan: 'a logit is NaN',
  'positive-infinity': 'a logit is +Infinity',
  'all-masked': 'every logit of the row is -Infinity',
  'exp-overflow': 'exp of a logit overflows FP32 (88.72284 and above)',
  'sum-overflow': 'each exp is finite, but their sum overflows FP32',
  'exp-underflow': 'exp of every logit of the row rounds to 0 (-103.97208 and below)',
  masked: 'some logits are -Infinity',
  underflow: 'exp of a logit, or a probability, is subnormal or 0 (87.33655 below 0, or below the row max)',
  ordinary: 'nothing unusual in the row',
};

const kindWords: Readonly<Record<Kind, string>> = {
  nan: 'NaN where the exact answer is finite',
  infinite: 'infinite where the exact answer is finite',
  zeroed: '0 where the exact answer is not',
  inaccurate: 'further from the exact answer than the budget allows',
  'out-of-range': 'outside the range of the operation',
  'special-value': 'another special value than the definition gives',
  invariance: 'an invariance does not hold',
  nondeterministic: 'two calls gave different bits',
  'mutated-input': 'the arguments were changed',
  'bad-shape': 'the answer has a wrong shape or type',
  threw: 'the kernel threw',
  crashed: 'the kernel crashed',
  'timed-out': 'the kernel did not answer in time',
};

/** What is wrong, in words: `NaN where the exact answer is finite`. */
export function describeKind({ kind, detail }: Finding): string {
  return detail === null ? kindWords[kind] : `${kindWords[kind]}: ${detail}`;
}

/** What the bucket's trigger means, or null when the failure has none. */
export function describeTrigger({ bucket }: Finding): string | null {
  return triggerWords[bucket.split('/')[2] ?? ''] ?? null;
}
