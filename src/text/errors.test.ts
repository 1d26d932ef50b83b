import { describe, expect, it } from 'vitest';
import { locating, UserError } from './errors.ts';

describe('locating', () => {
  it('should say where a user error is, and keep its hint', () => {
    const fail = () => {
      throw new UserError('it is wrong', 'Mend it.');
    };
    expect(() => locating('line 3', fail)).toThrow(UserError);
    expect(() => locating('line 3', fail)).toThrow(
      expect.objectContaining({ message: 'line 3: it is wrong', hint: 'Mend it.' }),
    );
  });

  it('should leave answers and bugs alone', () => {
    const bug = new TypeError('x');
    expect(locating('line 3', () => 42)).toBe(42);
    expect(() =>
      locating('line 3', () => {
        throw bug;
      }),
    ).toThrow(bug);
  });
});
