/** What a target's process throws where a call has failed as a whole. */
import type { Kind } from '../core/violation.ts';

/** The kinds of failure that a call as a whole may have. */
export type CallFailureKind = Extract<
  Kind,
  'bad-shape' | 'mutated-input' | 'threw' | 'crashed' | 'out-of-memory' | 'timed-out'
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

/** What engines, languages and drivers say of memory that they could not get. */
const OUT_OF_MEMORY =
  /out of memory|outofmemory|memoryerror|bad_alloc|allocation failed|cannot allocate memory|unable to grow instance memory/i;

/** The kind of a call that threw, or ended its process, with these words. */
export function kindOfEnd(kind: 'threw' | 'crashed', words: string): CallFailureKind {
  return OUT_OF_MEMORY.test(words) ? 'out-of-memory' : kind;
}
