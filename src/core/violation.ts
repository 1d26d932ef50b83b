/** What can be wrong with one answer of a kernel, as data. */
import type { ErrorSize } from './error-size.ts';
import type { Law } from './law.ts';
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
  'out-of-memory',
  'timed-out',
] as const;

/** One of {@link kinds}. */
export type Kind = (typeof kinds)[number];

/** The laws that an answer is checked against: docs/laws.md has them all. */
export type Property = 'finite' | 'accuracy' | 'range' | 'special-values' | 'invariance' | 'contract' | Law;

const properties: Readonly<Record<Kind, Property>> = {
  nan: 'finite',
  infinite: 'finite',
  zeroed: 'accuracy',
  inaccurate: 'accuracy',
  'out-of-range': 'range',
  'special-value': 'special-values',
  invariance: 'invariance',
  nondeterministic: 'repeatable',
  'mutated-input': 'contract',
  'bad-shape': 'contract',
  threw: 'contract',
  crashed: 'contract',
  'out-of-memory': 'contract',
  'timed-out': 'contract',
};

/** The law that a violation of this kind breaks: `law`, where it is one beyond the oracle. */
export function propertyOf(kind: Kind, law?: Law): Property {
  return law ?? properties[kind];
}

/** One broken law, at the element where it shows most. */
export interface Violation extends ErrorSize {
  readonly operation: Operation;
  readonly kind: Kind;
  /** The law beyond the oracle that it breaks, where it is one. */
  readonly law?: Law | undefined;
  readonly severity: Severity;
  /** What in the row may have set it off, or null when the answer as a whole is wrong. */
  readonly trigger: Trigger | null;
  /** Index into the output, or null when the answer as a whole is wrong. */
  readonly index: number | null;
  /** The row that the element belongs to, or null when it belongs to the whole batch. */
  readonly row: number | null;
  /** What happened, in words, where numbers do not say it (a thrown message, a wrong length). */
  readonly detail: string | null;
  /** Whether it is of an earlier call that this one shows. */
  readonly isOfEarlier?: true | undefined;
}

/** What failures are told apart by. */
export type Signature = Pick<Violation, 'operation' | 'kind' | 'law' | 'trigger' | 'severity'>;

/**
 * The name of a failure's signature, and of its bucket: `softmax/nan/exp-overflow`,
 * `crossEntropy/inaccurate/ordinary/warning`, `softmax/threw`, `softmax/invariance/view`.
 */
export function bucketOf({
  operation,
  kind,
  law,
  trigger,
  severity,
}: Signature & Partial<Violation>): string {
  // Of `repeatable` the kind says all, but for one.
  const named = law === undefined || (law === 'repeatable' && kind !== 'invariance') ? null : law;
  return [operation, kind, named, trigger, severity === 'warning' ? severity : null]
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
