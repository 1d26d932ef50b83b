/** The two ways in which a command ends badly. Anything else that is thrown is a bug of ours (exit 70). */

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
