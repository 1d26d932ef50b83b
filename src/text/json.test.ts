import { describe, expect, it } from 'vitest';
import { shown } from './describe-value.ts';
import { UserError } from './errors.ts';
import { readJson, textsIn } from './json.ts';

const nested = (levels: number, inside = ''): string => `${'['.repeat(levels)}${inside}${']'.repeat(levels)}`;

describe('readJson', () => {
  it('should take 64 levels, and brackets in texts for what they are', () => {
    expect(JSON.stringify(readJson(nested(64), 'x'))).toBe(nested(64));
    const text = JSON.stringify(nested(1000, '\\"'));
    expect(JSON.stringify(readJson(text, 'x'))).toBe(text);
  });

  it('should refuse more of lists, objects or both', () => {
    const objects = '{"a":'.repeat(65) + 1 + '}'.repeat(65);
    for (const text of [nested(65), objects, nested(33, objects), '['.repeat(1_000_000)])
      expect(() => readJson(text, 'x.json')).toThrow(
        new UserError('x.json is nested too deep: expected at most 64 levels'),
      );
  });
});

describe('textsIn', () => {
  it('should be all texts and names of fields', () => {
    expect([...textsIn({ a: ['b', 1, { c: null }], d: { e: 'f' } })]).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });
});

describe('shown', () => {
  it.each([
    ['text', 'text'],
    [[1, { a: null }], '[1,{"a":null}]'],
    [undefined, 'undefined'],
    [Symbol('x'), 'Symbol(x)'],
    [{ toString: 1, valueOf: 1 }, '{"toString":1,"valueOf":1}'],
    [{ toJSON: () => undefined }, 'an object'],
    ['x'.repeat(1e6), `${'x'.repeat(100)}…${'x'.repeat(99)}`],
  ])('should be of %o a few words', (value, words) => {
    expect(shown(value)).toBe(words);
  });

  it('should not follow a circle', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(shown(circle)).toBe('an object');
  });
});
