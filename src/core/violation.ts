/** What can be wrong with one answer of a kernel, as data. */
import type { Operation } from './operation.ts';
import type { Trigger } from './trigger.ts';

/**
 * How bad a violation is. An `error` is beyond what any stable algorithm of the field explains; a `warning`
 * is beyond the budget of the target's own profile, yet within that.
 */
export type Severity = 'error' | 'warning';

/** In which ways an answer can be wrong; see {@link propertyOf} for the law that each breaks. */
export const kinds = [
  'nan',
  'infinite',
  'zeroed',
  'inaccurate',
  'out-of-range',
  'special-value',
  'invariance',
  'nondeterministic',
  'mutated-input',
  'bad-shape',
  'threw',
  'crashed',
  'timed-out',
] as const;

/** One of {@link kinds}. */
export type Kind = (typeof kinds)[number];

/** The laws that an answer is checked against. */
export type Property = 'finite' | 'accuracy' | 'range' | 'special-values' | 'invariance' | 'contract';

const properties: Readonly<Record<Kind, Property>> = {
  nan: 'finite',
  infinite: 'finite',
  zeroed: 'accuracy',
  inaccurate: 'accuracy',
  'out-of-range': 'range',
  'special-value': 'special-values',
  invariance: 'invariance',
  nondeterministic: 'contract',
  'mutated-input': 'contract',
  'bad-shape': 'contract',
  threw: 'contract',
  crashed: 'contract',
  'timed-out': 'contract',
};

/** The law that a violation of this kind breaks. */
export function propertyOf(kind: Kind): Property {
  return properties[kind];
}

/** One broken law, at the element where it shows most. */
export interface Violation {
  readonly operation: Operation;
  readonly kind: Kind;
  readonly severity: Severity;
  /** What in the row may have set it off, or null when the answer as a whole is wrong. */
  readonly trigger: Trigger | null;
  /** Index into the output, or null when the answer as a whole is wrong. */
  readonly index: number | null;
  /** The row that the element belongs to, or null when it belongs to the whole batch. */
  readonly row: number | null;
  /** |answer - exact| in ULP of the exact value; NaN where the answer is NaN, or there is none. */
  readonly errorUlp: number;
  /** |answer - exact| over the error that the target's profile allows; Infinity where nothing is allowed. */
  readonly budgetUse: number;
  /** What happened, in words, where numbers do not say it (a thrown message, a wrong length). */
  readonly detail: string | null;
}

/** What failures are told apart by. */
export type Signature = Pick<Violation, 'operation' | 'kind' | 'trigger' | 'severity'>;

/**
 * The name of a failure's signature, and of its bucket: `softmax/nan/exp-overflow`,
 * `crossEntropy/inaccurate/ordinary/warning`, `softmax/threw`.
 */
export function bucketOf({ operation, kind, trigger, severity }: Signature & Partial<Violation>): string {
  return [operation, kind, trigger, severity === 'warning' ? severity : null]
    .filter((part) => part !== null)
    .join('/');
}

/** Whether `pattern` names the bucket: part by part, where `*` stands for any part, and as the last for any rest. */
export function matchesBucket(pattern: string, bucket: string): boolean {
  const wanted = pattern.split('/');
  const parts = bucket.split('/');
  const open = wanted.at(-1) === '*';
  if (open ? parts.length < wanted.length : parts.length !== wanted.length) return false;
  return wanted.every((part, i) => part === '*' || part === parts[i]);
}
