/** What a target's process throws where a call has failed as a whole. */
import type { Kind } from '../core/violation.ts';

/** The kinds of failure that a call as a whole may have. */
export type CallFailureKind = Extract<
  Kind,
  'bad-shape' | 'mutated-input' | 'threw' | 'crashed' | 'timed-out'
>;

/** A call that gave no answer, with the kind of its violation; the message is the violation's detail. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly kind: CallFailureKind;

  constructor(kind: CallFailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
