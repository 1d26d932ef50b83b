/** The error that is the user's to mend. Anything else that is thrown is a bug of softmax-fuzz (exit 70). */

/** Something that the user can mend: an argument, a file, a target, a configuration. Printed without a stack; exit 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What to do about it, a sentence on a line of its own. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** What `action` returns. A UserError that it throws gets `source` before its message: where the trouble is. */
export function locating<T>(source: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${source}: ${error.message}`, error.hint);
    throw error;
  }
}
