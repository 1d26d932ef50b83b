/** What a law is asked, and what it answers. */
import { noSize } from '../core/error-size.ts';
import type { Law } from '../core/law.ts';
import { type Operation, rowAt } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import type { Kind, Violation } from '../core/violation.ts';
import type { judge } from '../judge/judge.ts';
import type { Oracle } from '../oracle/exact.ts';
import type { CallFailureKind } from '../targets/call-failure.ts';

/**
 * How long what shows late, or seldom, is waited for: `little` where nothing is known, `some` where a failure is shrunk, `much` where it is asked for
 * again, to be told or replayed.
 */
export type Patience = 'little' | 'some' | 'much';

/** An answer that is right by the oracle, and how to ask for more. */
export interface Question {
  readonly target: Target;
  readonly operation: Operation;
  /** Of the batch that was answered. */
  readonly oracle: Oracle;
  /** What the answer's own memory holds now: a later call may have changed it. */
  readonly live: () => Float32Array;
  /** A copy of the answer, made when it came. */
  readonly answer: Float32Array;
  /** Judges other answers. */
  readonly verdict: typeof judge;
  readonly patience: Patience;
  /** Whether what earlier calls show is another matter: where a failure is shrunk, these were of other batches. */
  readonly isAlone: boolean;
  /** Hears of each call that was made again, and whether it gave the same bits. */
  readonly onRepeated?: ((isSame: boolean) => void) | undefined;
}

/** A broken law, and the answer that shows it. */
export interface Breach {
  readonly output: Float32Array | null;
  readonly violation: Violation;
}

/** Asks the target for what the law needs, and says how it is broken; null when it holds or does not apply. */
export type Check = (question: Question) => Promise<Breach | null>;

/** Where and how a law is broken. */
interface Broken {
  readonly law: Law;
  readonly kind: Kind;
  readonly index: number | null;
  readonly detail: string;
}

/** A breach that has no size. */
export function breach(
  { operation, oracle: { batch } }: Question,
  output: Float32Array | null,
  { law, kind, index, detail }: Broken,
): Breach {
  const row = index === null ? null : rowAt(operation, index, batch);
  const violation: Violation = {
    operation,
    kind,
    law,
    severity: 'error',
    trigger: null,
    index,
    row,
    ...noSize,
    detail,
  };
  return { output, violation };
}

/** The kind of a call that gave no answer where an earlier one did: an end, memory and time are called so, the rest `otherwise`. */
export function kindOfFailure({ status }: { readonly status: CallFailureKind }, otherwise: Kind): Kind {
  return status === 'crashed' || status === 'out-of-memory' || status === 'timed-out' ? status : otherwise;
}

/** The first index at which two answers of a length have other bits, all NaNs taken for one; null when there is none. */
export function firstDifference(a: Float32Array, b: Float32Array): number | null {
  for (let k = 0; k < a.length; k++) if (!Object.is(a[k], b[k])) return k;
  return null;
}
