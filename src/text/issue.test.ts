import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { describeIssue } from './issue.ts';

const schema = v.strictObject({
  rows: v.number(),
  name: v.optional(v.string('it has no name')),
  version: v.optional(v.picklist([1, 2])),
  list: v.optional(v.array(v.boolean())),
});

describe('describeIssue', () => {
  it.each([
    [{}, '"rows" is missing'],
    [{ rows: 1, cols: 2 }, 'there is no such key'],
    [{ rows: '1' }, 'expected a number, got "1"'],
    [{ rows: 1, version: 3 }, 'expected 1 or 2, got 3'],
    [{ rows: 1, list: 5 }, 'expected an array, got 5'],
    [{ rows: 1, list: [0] }, 'expected true or false, got 0'],
    [[], '"rows" is missing'],
    [null, 'expected an object, got null'],
    [{ rows: 1, name: 5 }, 'it has no name'],
  ])('should say what is wrong with %j', (value, words) => {
    const { issues } = v.safeParse(schema, value);
    expect(describeIssue(issues?.[0] ?? { message: '' })).toBe(words);
  });
});
