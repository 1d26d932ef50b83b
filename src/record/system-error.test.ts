import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { reason } from './system-error.ts';

const failure = (message: string, fields: Partial<NodeJS.ErrnoException>): Error =>
  Object.assign(new Error(message), fields);

describe('reason', () => {
  it('should leave the call and its paths out', () => {
    const message = "ENOENT: no such file or directory, rename 'a, b' -> 'c'";
    expect(reason(failure(message, { code: 'ENOENT', errno: -2 }))).toBe('ENOENT: no such file or directory');
  });

  it('should name what Node has no name for: a quota, a file of a server that has gone', () => {
    const unknown = (errno: number): Error =>
      failure('UNKNOWN: unknown error, write', { code: 'UNKNOWN', errno: -errno });
    expect(reason(unknown(constants.errno.EDQUOT))).toBe('EDQUOT: disk quota exceeded');
    expect(reason(unknown(constants.errno.ESTALE))).toBe('ESTALE: stale file handle');
    expect(reason(unknown(constants.errno.EIDRM))).toBe('EIDRM');
    expect(reason(unknown(99_999))).toBe('UNKNOWN: unknown error');
  });
});
