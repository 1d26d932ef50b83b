/** In words: what kind of failure it is, what in the input sets it off, and how a target did. */
import type { Finding } from '../core/finding.ts';
import { isLaw, type Law } from '../core/law.ts';
import type { Kind } from '../core/violation.ts';
import type { RecordedTarget } from '../record/run.ts';

const triggerWords: Readonly<Record<string, string>> = {
  nan: 'a logit is NaN',
  'positive-infinity': 'a logit is +Infinity',
  'all-masked': 'every logit of the row is -Infinity',
  'exp-overflow': 'exp of a logit overflows FP32 (88.72284 and above)',
  'sum-overflow': 'each exp is finite, but their sum overflows FP32',
  'exp-underflow': 'exp of every logit of the row rounds to 0 (-103.97208 and below)',
  masked: 'some logits are -Infinity',
  underflow: 'exp of a logit, or of its distance to the max, is subnormal or 0 (-87.33655 and below)',
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

const lawWords: Readonly<Record<Law, string>> = {
  repeatable: 'the same call gave other bits',
  'fresh-answer': 'a later call changes the answer',
  view: 'it goes wrong with arguments that are parts of larger buffers',
  'nan-isolation': 'NaN in one row spoils another',
  order: 'a larger logit has a smaller probability, or an equal one another',
  'batch-invariant':
    'a row alone gives other bits than in its batch, and the target declares that it does not',
};

/** What is wrong, in words: `NaN where the exact answer is finite`. */
export function describeKind({ kind, property }: Finding): string {
  return isLaw(property) ? lawWords[property] : kindWords[kind];
}

/** What the bucket's trigger means, or null when the failure has none. */
export function describeTrigger({ bucket }: Finding): string | null {
  return triggerWords[bucket.split('/')[2] ?? ''] ?? null;
}

/** What became of a target: an unknown warning is not as bad as an unknown error. */
export function describeVerdict({ verdict }: Pick<RecordedTarget, 'verdict'>): string {
  return verdictWords[verdict];
}

const verdictWords: Readonly<Record<RecordedTarget['verdict'], string>> = {
  held: 'every property held',
  known: 'only known findings',
  warnings: 'new warnings, no new error',
  falsified: 'FALSIFIED',
};
