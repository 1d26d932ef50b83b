/** Errors as vitest shows them: by their message and where they were thrown. */
import { UserError } from '../text/errors.ts';

/** A plain error that says in its message all that `error` has to say, what to do about it too. */
export function plainly(error: unknown): Error {
  if (error instanceof UserError)
    return new Error([error.message, error.hint].filter((line) => line !== undefined).join('\n'));
  return error instanceof Error ? error : new Error(String(error));
}

/** `action`, whose errors are thrown as {@link plainly} has them, and where it was called. */
export function told<A extends readonly unknown[], T>(action: (...args: A) => T): (...args: A) => T {
  return function caller(...args) {
    try {
      return action(...args);
    } catch (error) {
      const plain = plainly(error);
      if (error instanceof UserError) Error.captureStackTrace(plain, caller);
      throw plain;
    }
  };
}
