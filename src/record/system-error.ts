/** Why the file system has refused something. */
import { constants } from 'node:os';

/** What the system calls errors that Node has no words for. */
const words: Readonly<Record<string, string>> = {
  EDQUOT: 'disk quota exceeded',
  ESTALE: 'stale file handle',
};

/** Why, in the words of the system, without the call and its paths: `ENOENT: no such file or directory`. */
export function reason(error: unknown): string {
  const { message, code, errno } = error as NodeJS.ErrnoException;
  const name = code === 'UNKNOWN' ? nameOf(errno) : undefined;
  if (name !== undefined) return name in words ? `${name}: ${words[name]}` : name;
  return message.replace(/, \w+( '.*)?$/s, '');
}

/** `EDQUOT` of -122, by the numbers of this system. */
function nameOf(errno: number | undefined): string | undefined {
  const { errno: numbers } = constants;
  return Object.entries(numbers).find(([, number]) => number === -(errno ?? 0))?.[0];
}
