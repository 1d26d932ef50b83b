/** Why the file system has refused something. */

/** Why, in the words of the system, without the call and its paths: `ENOENT: no such file or directory`. */
export function reason(error: unknown): string {
  return (error as Error).message.replace(/, \w+( '.*)?$/s, '');
}
