/** What restrains the minimizing of one failure: signals, and how much it may use up. */
import type { Violation } from '../../core/violation.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { addSpent, isSpent, nothingSpent, type Spent } from './proofs.ts';
import type { Allowance } from './sequences.ts';

/** When time is over for what. */
export interface Signals {
  /** Once aborted, the batch stays as simple as it has become. */
  readonly signal?: AbortSignal | undefined;
  /** Once aborted, the failure keeps the trigger that it was met with. @defaultValue signal */
  readonly causes?: AbortSignal | undefined;
  /** Once aborted, the finding is asked again once, and not in a fresh process. */
  readonly hurry?: AbortSignal | undefined;
  /** Once aborted, no answer is waited for any more. */
  readonly halt?: AbortSignal | undefined;
}

/** What is left of the time and of what may be used up. */
export interface Restraints {
  /** Whether the batch stays as simple as it is. */
  readonly isOver: () => boolean;
  /** Whether the trigger stays as it is. */
  readonly isTriggerKept: () => boolean;
  /** Whether there is no time to start a process. */
  readonly isHurried: () => boolean;
  /** Whether no answer is waited for. */
  readonly isHalted: () => boolean;
  /** Whether more may come of going on another time. */
  readonly isCut: () => boolean;
  /** What `value` comes to, or null once it is not waited for. */
  readonly unlessHalted: <T>(value: T | Promise<T>) => T | null | Promise<T | null>;
  /** What has been used up. */
  readonly spent: () => Spent;
  /** Counts the logits of a batch that is asked for. */
  readonly spendLogits: (logits: number) => void;
  /** Counts the calls among these violations that ran out of time or ended a process: one each, of a batch. */
  readonly spendFailures: (violations: readonly Violation[]) => void;
}

/** Nothing used up yet. Calls that are made before others are a part of the allowance, where there is one. */
export function createRestraints(
  { signal, causes = signal, hurry, halt }: Signals,
  allowance: Allowance | null,
): Restraints {
  let spent: Spent = nothingSpent;
  const isAborted = (by: AbortSignal | undefined): boolean => by?.aborted === true;
  const areCallsSpent = (): boolean => allowance?.isSpent() === true;
  const isAllSpent = (): boolean => isSpent(spent) || areCallsSpent();
  return {
    isOver: () => isAborted(signal) || isAllSpent(),
    isTriggerKept: () => isAborted(causes) || isAllSpent(),
    isHurried: () => isAborted(hurry),
    isHalted: () => isAborted(halt),
    isCut: () => isAborted(signal) || areCallsSpent(),
    unlessHalted: (value) => unlessAborted(value, halt),
    spent: () => spent,
    spendLogits(logits) {
      spent = addSpent(spent, { ...nothingSpent, logits });
    },
    spendFailures(violations) {
      const timeouts = violations.some(({ kind }) => kind === 'timed-out') ? 1 : 0;
      const crashes = violations.some(({ kind }) => kind === 'crashed' || kind === 'out-of-memory') ? 1 : 0;
      spent = addSpent(spent, { logits: 0, timeouts, crashes });
    },
  };
}
