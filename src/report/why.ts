/** In words: what kind of failure it is, what in the input sets it off, and how a target did. */
import type { Finding, SizeBoundary } from '../core/finding.ts';
import { isLaw, type Law } from '../core/law.ts';
import type { Kind } from '../core/violation.ts';
import type { RecordedTarget } from '../record/run.ts';
import { formatCount } from './numbers.ts';
import { reasonAtBoundary, SUM_OVERFLOW } from './threshold.ts';

const triggerWords: Readonly<Record<string, string>> = {
  nan: 'a logit is NaN',
  'positive-infinity': 'a logit, or what options make of it, is +Infinity',
  'all-masked': 'every logit of the row is -Infinity',
  'high-offset': 'the largest logit of the row is 128 or more',
  'low-offset': 'every logit of the row is -128 or less',
  'exp-overflow': 'a logit is 88.72284 or above, where exp overflows FP32',
  'sum-overflow': 'each exp is finite, but their sum overflows FP32',
  'exp-underflow': 'every logit of the row is -103.972084 or below, where exp rounds to 0',
  masked: 'some logits are -Infinity',
  underflow: 'exp of a logit, or a probability, is subnormal or 0',
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
  'out-of-memory': 'the kernel ran out of memory',
  'timed-out': 'the kernel did not answer in time',
};

const lawWords: Readonly<Record<Law, string>> = {
  repeatable: 'the same call gave other bits',
  'fresh-answer': 'the answer is changed after it was given',
  view: 'it goes wrong with arguments that are parts of larger buffers',
  'nan-isolation': 'NaN in one row spoils another',
  order: 'a larger logit has a smaller probability, or an equal one another',
  'batch-invariant':
    'a row alone gives other bits than in its batch, and the target declares that it does not',
  layout: 'it goes wrong with logits in another layout that the target declares',
};

/** What is wrong, in words: `NaN where the exact answer is finite`. */
export function describeKind({ kind, property }: Finding): string {
  const isEnd = kind === 'crashed' || kind === 'out-of-memory' || kind === 'timed-out'; // Of the further calls for a law, too.
  if (property === 'fresh-answer' && kind === 'mutated-input')
    return 'the arguments are changed after the answer';
  if (property === 'repeatable' && kind === 'invariance') return 'the last answer is given to another input';
  return isLaw(property) && !isEnd ? lawWords[property] : kindWords[kind];
}

/** What the last call does without those before it, or a row without the others, in words; null where there are none. */
export function describeAlone({ before, needs }: Pick<Finding, 'before' | 'needs'>): string | null {
  if (before !== undefined) return 'the last call passes where nothing was called before it';
  return needs?.includes('rows') ? 'no row of it fails like this without the others' : null;
}

/** By what all answers are multiplied, in words; null where that is no one number. */
export function describeFactor({ factor }: Pick<Finding, 'factor'>): string | null {
  if (factor === undefined) return null;
  return `every answer is ${formatFactor(factor)} times the exact one, to this input and to two others`;
}

function formatFactor(factor: number): number {
  return Number(factor.toPrecision(6));
}

/** What the bucket's trigger means, or null when the failure has none. */
export function describeTrigger({ bucket, batch }: Pick<Finding, 'bucket' | 'batch'>): string | null {
  const words = triggerWords[bucket.split('/')[2] ?? ''] ?? null;
  // What a mask hides, or a bias, is as a logit of -Infinity, whatever stands there.
  const { mask, bias } = batch.options ?? {};
  const isHidden = mask?.includes(0) === true || bias?.includes(Number.NEGATIVE_INFINITY) === true;
  return isHidden && words !== null ? words.replace(/-Infinity$/, '-Infinity or hidden') : words;
}

/** What is said of a failure's cause. */
export interface Cause {
  /** `Because` where the boundary confirms it; `Trigger` where it is only what the logits suggest. */
  readonly label: 'Because' | 'Trigger';
  readonly words: string;
}

/**
 * The cause that a boundary of the finding confirms: a threshold of arithmetic, an infinite logit, a size, or an offset; else what is unusual in
 * its row, without the claim that it is the cause. Null where nothing is.
 */
export function describeCause(finding: Finding): Cause | null {
  const reason = reasonAtBoundary(finding);
  const ofSize = describeSize(finding);
  // With fewer columns a kernel passes beyond the threshold: it is one condition of two.
  const both = reason !== null && ofSize !== null && reason !== SUM_OVERFLOW ? `${ofSize}; ${reason}` : null;
  const because = both ?? reason ?? ofSize;
  if (because !== null) return { label: 'Because', words: because };
  const words = describeTrigger(finding);
  if (finding.needs?.includes('offset')) return { label: 'Because', words: describeOffset(words) };
  if (words === null) return null;
  const { boundary } = finding;
  const isConfirmed = boundary !== null && !Number.isFinite(boundary.fails);
  return { label: isConfirmed ? 'Because' : 'Trigger', words };
}

/** `the logits share an offset: moved to a maximum of 0, they pass`, with what else is unusual in the row. */
function describeOffset(trigger: string | null): string {
  const beside = trigger === null || trigger === triggerWords['ordinary'] ? '' : ` (${trigger})`;
  return `the logits share an offset${beside}: moved to a maximum of 0, they pass`;
}

/** `it throws from 1,001 columns on, not with 1,000: declare maxCols: 1000 if that is meant`; null where it does not begin with a size. */
function describeSize({ kind, batch, sizeBoundary }: Finding): string | null {
  if (sizeBoundary === undefined) return null;
  const { of, passes } = sizeBoundary;
  const verb = kind === 'threw' ? 'it throws' : 'it fails like this';
  const advice = kind === 'threw' ? `: declare ${declarationOf(sizeBoundary)} if that is meant` : '';
  if (of === 'multiple') return `${verb} where columns are no multiple of ${passes}${advice}`;
  const { rows, cols } = batch;
  const counts = { rows, cols, logits: rows * cols };
  return `${verb} from ${formatCount(counts[of])} ${sizeWords[of]} on, not with ${formatCount(passes)}${advice}`;
}

const sizeWords = { rows: 'rows', cols: 'columns', logits: 'logits (rows times columns)' } as const;

/** What says of a kernel that it takes no other size. */
function declarationOf({ of, passes }: SizeBoundary): string {
  const declarations = {
    rows: `maxRows: ${passes}`,
    cols: `maxCols: ${passes}`,
    logits: `maxRows and maxCols, whose product is at most ${passes},`,
    multiple: `multipleOf: ${passes}`,
  };
  return declarations[of];
}

/** What became of a target: an unknown warning is not as bad as an unknown error, and no batch proves nothing. */
export function describeVerdict({ verdict, cases }: Pick<RecordedTarget, 'verdict' | 'cases'>): string {
  return cases === 0 && verdict === 'held' ? 'nothing was judged' : verdictWords[verdict];
}

const verdictWords: Readonly<Record<RecordedTarget['verdict'], string>> = {
  held: 'every property held',
  known: 'only known findings',
  warnings: 'new warnings, no new error',
  falsified: 'FALSIFIED',
  regressed: 'LESS ACCURATE than the baseline',
};
